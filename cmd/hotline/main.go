// Command hotline is the one program of the contact centre: its server, its
// set-up and its tools. `hotline --help` lists what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/open12345/hotline/cmd/hotline/config"
)

// cli lists the commands; each is one file.
type cli struct {
	Config string `help:"Settings file." type:"path" placeholder:"FILE" default:""`

	Run       RunCmd       `cmd:"" help:"Start the whole private stack and serve until interrupted (what make run does)."`
	Serve     ServeCmd     `cmd:"" help:"Serve calls and pages against parts that run elsewhere."`
	Doctor    DoctorCmd    `cmd:"" help:"Check every part and say what to do about each one that fails."`
	Migrate   MigrateCmd   `cmd:"" help:"Bring the database's schema up to date."`
	Account   AccountCmd   `cmd:"" help:"List, add and unlock accounts."`
	Token     TokenCmd     `cmd:"" help:"Make and revoke tokens for the API."`
	Verify    VerifyCmd    `cmd:"" help:"Recompute every seal and name what does not match."`
	IVR       IVRCmd       `cmd:"" name:"ivr" help:"Check and draw menu files."`
	Tickets   TicketsCmd   `cmd:"" help:"Draw the state tables of the work order."`
	Prompts   PromptsCmd   `cmd:"" help:"Make and list the spoken lines."`
	Simulate  SimulateCmd  `cmd:"" help:"Run traffic through the routing engine in simulated time."`
	Suggest   SuggestCmd   `cmd:"" help:"Measure the suggestion of units and classes."`
	Bench     BenchCmd     `cmd:"" help:"Measure parts of the program against their aims."`
	DemoReset DemoResetCmd `cmd:"" help:"Forget the demo's data; the next run loads it anew."`
}

// version is set when a release is built.
var version = "dev"

// app is what every command gets: settings that were read and checked, and a
// context that ends at an interrupt.
type app struct {
	ctx context.Context
	cfg config.Config
	log *slog.Logger
}

// errReported ends the program with code 1 after a command has said why itself.
var errReported = errors.New("reported")

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:])
	cancel()
	if err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "hotline:", err)
		}
		os.Exit(1)
	}
}

func execute(ctx context.Context, args []string) error {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("hotline"),
		kong.Description("Contact centre for China's 12345 government service hotlines."),
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("reading the command line: %w", err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	load := loadSettings
	if command.Command() == "run" || command.Command() == "demo-reset" {
		// What an earlier run left behind says nothing about the one to start.
		load = config.Load
	}
	cfg, err := load(c.Config, os.Environ())
	if err != nil {
		return fmt.Errorf("settings:\n%w", err)
	}
	return command.Run(&app{ctx: ctx, cfg: cfg, log: newLogger(cfg.Log)})
}

func newLogger(cfg config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
