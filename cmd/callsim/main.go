// Callsim simulates the telephone network around a hotline on real SIP and RTP:
// citizens who call, seats who answer, the carrier behind the trunk. It makes the
// demo's traffic, proves acceptance and puts load on a switch.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

type cli struct {
	Citizens citizens `cmd:"" help:"Call the hotline by scripts and report what was heard."`
	Seats    seats    `cmd:"" help:"Register SIP seats and answer their calls."`
	Carrier  carrier  `cmd:"" help:"Answer what the hotline dials through its trunk."`
	Speech   speech   `cmd:"" help:"Synthesise what scripts and carrier say, where it is missing."`

	Verbose bool `short:"v" help:"Log each call and what the SIP stack sees."`
}

// voice are the flags of commands that speak.
type voice struct {
	SpeechDir string `help:"Folder of synthesised sentences; without it, or where a file is missing, a pattern of tones stands for speech." type:"path" env:"HOTLINE_SPEECH_DIR"`
	Voice     string `help:"Voice the sentences were made with." default:"${voice}"`
	SpeakRate int    `help:"Words a minute they were made with." default:"${speak_rate}"`
}

func (v voice) speech() script.Speech {
	return script.Speech{Dir: v.SpeechDir, Voice: v.Voice, Rate: v.SpeakRate}
}

func main() {
	var flags cli
	parsed := kong.Parse(&flags, kong.Name("callsim"), kong.UsageOnError(),
		kong.Description("Simulated citizens, seats and carrier on real SIP and RTP."),
		kong.Vars{"voice": script.DefaultVoice, "speak_rate": fmt.Sprint(script.DefaultRate), "greeting": traffic.DefaultGreeting})
	level := slog.LevelWarn
	if flags.Verbose {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.FatalIfErrorf(parsed.Run())
}

// writeJSON writes a report to standard output.
func writeJSON(report any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
