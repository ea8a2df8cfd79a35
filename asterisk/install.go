package asterisk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MinVersion is the oldest Asterisk that has what we rely on: channel variables
// that ride on events, fencing of ARI users by push configuration.
const MinVersion = "22.10"

// ErrNotInstalled means that no usable Asterisk was found.
var ErrNotInstalled = errors.New("asterisk " + MinVersion + " or newer is not installed: run make setup")

// Install is a folder that Asterisk and espeak-ng are installed in: "/" or one
// laid out by install.sh.
type Install struct {
	Dir     string // absolute
	Version string // as in 22.10.1
}

// Find returns the installation to use: dir if it is not empty, else the folder
// HOTLINE_SWITCH_DIR names, else the newest folder of HOTLINE_CACHE (default
// /var/cache/hotline), else the machine's own. The error is ErrNotInstalled or
// says what is wrong with the named folder.
func Find(dir string) (Install, error) {
	if dir == "" {
		dir = os.Getenv("HOTLINE_SWITCH_DIR")
	}
	if dir != "" {
		return inspect(dir)
	}
	cache := os.Getenv("HOTLINE_CACHE")
	if cache == "" {
		cache = "/var/cache/hotline"
	}
	// The pattern is ours and well formed, so Glob cannot fail.
	found, _ := filepath.Glob(filepath.Join(cache, "asterisk-*"))
	slices.SortFunc(found, func(a, b string) int {
		return CompareVersions(Version(filepath.Base(b)), Version(filepath.Base(a)))
	})
	for _, folder := range append(found, "/") {
		if in, err := inspect(folder); err == nil {
			return in, nil
		}
	}
	return Install{}, ErrNotInstalled
}

func inspect(dir string) (Install, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Install{}, fmt.Errorf("folder of the switch: %w", err)
	}
	in := Install{Dir: dir}
	if _, err := os.Stat(in.path("usr/sbin/asterisk")); err != nil {
		return Install{}, fmt.Errorf("folder %s: %w", dir, ErrNotInstalled)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	argv := in.Command("-V")
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		return Install{}, fmt.Errorf("asking the switch in %s for its version: %w: %s", dir, err, out)
	}
	in.Version = Version(string(out))
	if in.Version == "" || CompareVersions(in.Version, MinVersion) < 0 {
		return Install{}, fmt.Errorf("the switch in %s is %q: %w", dir, strings.TrimSpace(string(out)), ErrNotInstalled)
	}
	return in, nil
}

// Command is the command line that runs the switch with args. From a folder it
// goes through that folder's own loader and libraries, so that it needs neither
// root nor chroot.
func (in Install) Command(args ...string) []string {
	return append(in.run("usr/sbin/asterisk"), args...)
}

// SpeechCommand is the command line and the additional environment that runs
// espeak-ng with args.
func (in Install) SpeechCommand(args ...string) (argv, env []string) {
	argv = append(in.run("usr/bin/espeak-ng"), args...)
	if in.Dir != "/" {
		env = []string{"ESPEAK_DATA_PATH=" + in.path("usr/lib", in.triplet(), "espeak-ng-data")}
	}
	return argv, env
}

// ModuleDir is where the switch's modules are.
func (in Install) ModuleDir() string {
	return in.path("usr/lib", in.triplet(), "asterisk/modules")
}

// DataDir is where the switch's sounds and its own documentation are.
func (in Install) DataDir() string { return in.path("usr/share/asterisk") }

// RESTModels is the folder of the switch's own description of ARI.
func (in Install) RESTModels() string { return in.path("usr/share/asterisk/rest-api") }

func (in Install) path(parts ...string) string {
	return filepath.Join(append([]string{in.Dir}, parts...)...)
}

func (in Install) run(program string) []string {
	if in.Dir == "/" {
		return []string{in.path(program)}
	}
	lib := in.path("usr/lib", in.triplet())
	return []string{
		in.loader(), "--library-path",
		strings.Join([]string{
			lib, filepath.Join(lib, "asterisk"), filepath.Join(lib, "pulseaudio"), in.path("lib", in.triplet()),
		}, ":"),
		in.path(program),
	}
}

// triplet is the name of the architecture's library folder.
func (in Install) triplet() string {
	found, _ := filepath.Glob(in.path("usr/lib/*-linux-gnu*/asterisk"))
	if len(found) == 0 {
		return "x86_64-linux-gnu"
	}
	return filepath.Base(filepath.Dir(found[0]))
}

func (in Install) loader() string {
	for _, pattern := range []string{"lib64/ld-linux-*.so.*", "lib/ld-linux-*.so.*"} {
		if found, _ := filepath.Glob(in.path(pattern)); len(found) > 0 {
			return found[0]
		}
	}
	return in.path("lib64/ld-linux-x86-64.so.2")
}

var versionPattern = regexp.MustCompile(`\d+(?:\.\d+)+`)

// Version returns the first dotted number in a program's own words, or nothing.
func Version(text string) string { return versionPattern.FindString(text) }

// CompareVersions is negative when a is older than b, 0 when they are the same.
func CompareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if d := part(as, i) - part(bs, i); d != 0 {
			return d
		}
	}
	return 0
}

func part(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return n
}
