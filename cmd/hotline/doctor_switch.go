package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/cti/asterisk/node"
)

const remedyRun = "start it: make run"

func checkSwitchInstalled(_ context.Context, cfg config.Config) finding {
	f := finding{part: "switch installed"}
	in, err := asterisk.Find(cfg.Switch.Dir)
	if err != nil {
		f.verdict, f.detail, f.remedy = faulty, err.Error(), "install it: asterisk/install.sh (as root)"
		return f
	}
	var missing []string
	for _, m := range asterisk.Modules() {
		if _, err := os.Stat(filepath.Join(in.ModuleDir(), m)); err != nil {
			missing = append(missing, m)
		}
	}
	f.detail = fmt.Sprintf("Asterisk %s in %s", in.Version, in.Dir)
	if len(missing) > 0 {
		f.verdict = faulty
		f.detail += ", without " + strings.Join(missing, ", ")
		f.remedy = "remove that folder and install again: asterisk/install.sh (as root)"
	}
	return f
}

func checkSpeech(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "speech synthesis", remedy: "install the switch's folder again, it brings espeak-ng 1.52: asterisk/install.sh (as root)"}
	in, err := asterisk.Find(cfg.Switch.Dir)
	if err != nil {
		f.verdict, f.detail = faulty, err.Error()
		return f
	}
	argv, env := in.SpeechCommand("--version")
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	version := asterisk.Version(string(out))
	switch {
	case err != nil:
		f.verdict, f.detail = faulty, fmt.Sprintf("espeak-ng: %v: %s", err, out)
	case asterisk.CompareVersions(version, "1.52") < 0:
		f.verdict, f.detail = faulty, fmt.Sprintf("espeak-ng %s reads Chinese characters as English letters", version)
	default:
		f.detail, f.remedy = "espeak-ng "+version, ""
	}
	return f
}

func checkARI(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "switch ARI"}
	url := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(cfg.Switch.HTTPPort)) + "/ari"
	if cfg.Switch.ARIPassword == "" {
		f.verdict, f.detail, f.remedy = notUp, "no switch of ours runs", remedyRun
		return f
	}
	missing, err := node.MissingModules(ctx, url, cfg.Switch.ARIUser, cfg.Switch.ARIPassword)
	switch {
	case err != nil:
		f.verdict, f.detail = faulty, err.Error()
		f.remedy = "see the switch's log/messages.log below the data folder; restart: make run"
	case len(missing) > 0:
		f.verdict, f.detail = faulty, "modules do not run: "+strings.Join(missing, ", ")
		f.remedy = "restart the switch (make run); if they stay away, install again: asterisk/install.sh"
	default:
		f.detail = fmt.Sprintf("%s answers, all %d modules run", url, len(asterisk.Modules()))
	}
	return f
}

func checkAMI(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "switch AMI"}
	if cfg.Switch.AMIPassword == "" {
		f.verdict, f.detail, f.remedy = notUp, "no switch of ours runs", remedyRun
		return f
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(cfg.Switch.AMIPort))
	if err := signInAMI(ctx, address, cfg.Switch.AMIUser, cfg.Switch.AMIPassword); err != nil {
		f.verdict, f.detail = faulty, fmt.Sprintf("%s: %v", address, err)
		f.remedy = "restart the switch: make run"
		return f
	}
	f.detail = address + " lets us in"
	return f
}

func signInAMI(ctx context.Context, address, user, password string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(conn, "Action: Login\r\nUsername: %s\r\nSecret: %s\r\nEvents: off\r\n\r\n", user, password); err != nil {
		return err
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		switch strings.TrimSpace(lines.Text()) {
		case "Response: Success":
			return nil
		case "Response: Error":
			return errors.New("sign-in refused")
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return errors.New("connection closed before an answer")
}
