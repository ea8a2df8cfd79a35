package node

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/asterisk/child"
)

// Config says what to run. Only Dir is required.
type Config struct {
	// Dir is the node's private folder; made if missing, kept between runs.
	Dir string
	// Install is the switch's installation; the zero value finds it.
	Install asterisk.Install
	// Name is the node's name in call ids; default "sw1".
	Name string

	// SIPHost is the address of SIP; default 127.0.0.1.
	SIPHost string
	// Ports of SIP, HTTP, AMI and media; each one that is 0 is chosen.
	Ports Ports

	// Params override what asterisk.Defaults gives, after everything else is set.
	Params func(*asterisk.Params)

	// User runs the switch as somebody else (root only); nil as ourselves.
	User *child.User
	// Log gets what happens to the switch; nil drops it.
	Log *slog.Logger
	// SkipProof leaves out the test recording (1.2 s) for tests that need many
	// switches; `hotline run` never does.
	SkipProof bool
}

// Ports are a node's ports. HTTP and AMI are on loopback.
type Ports struct {
	SIP, HTTP, AMI   int
	RTPStart, RTPEnd int
}

// mediaPorts is how many media ports a node gets that did not ask: 200 legs.
const mediaPorts = 400

// choose fills the ports that are 0.
func (p Ports) choose() (Ports, error) {
	for _, port := range []*int{&p.SIP, &p.HTTP, &p.AMI} {
		if *port != 0 {
			continue
		}
		free, err := child.FreePorts(1)
		if err != nil {
			return Ports{}, err
		}
		*port = free[0]
	}
	if p.RTPStart == 0 {
		start, err := child.FreeRange(mediaPorts)
		if err != nil {
			return Ports{}, err
		}
		p.RTPStart, p.RTPEnd = start, start+mediaPorts-1
	}
	return p, nil
}

func (c *Config) params() (asterisk.Params, error) {
	p := asterisk.Defaults()
	p.Dir = c.Dir
	p.RunDir = runDir(c.Dir)
	p.ModuleDir, p.DataDir = c.Install.ModuleDir(), c.Install.DataDir()
	p.SbinDir = filepath.Join(c.Install.Dir, "usr/sbin")
	p.Name = c.Name
	p.SIPListen = net.JoinHostPort(c.SIPHost, strconv.Itoa(c.Ports.SIP))
	p.HTTPPort, p.AMIPort = c.Ports.HTTP, c.Ports.AMI
	p.RTPStart, p.RTPEnd = c.Ports.RTPStart, c.Ports.RTPEnd
	secrets := filepath.Join(c.Dir, "secrets")
	if err := os.MkdirAll(secrets, 0o700); err != nil {
		return p, fmt.Errorf("folder of the switch's secrets: %w", err)
	}
	var err error
	if p.ARIPassword, err = secret(filepath.Join(secrets, "ari")); err != nil {
		return p, err
	}
	if p.AMIPassword, err = secret(filepath.Join(secrets, "ami")); err != nil {
		return p, err
	}
	if c.Params != nil {
		c.Params(&p)
	}
	if p.ICECandidates == nil {
		p.ICECandidates = candidates(p.MediaAddress)
	}
	return p, nil
}

// runDir is the folder of the switch's control socket, whose whole path may not
// be longer than 107 bytes.
func runDir(dir string) string {
	run := filepath.Join(dir, "run")
	if len(run)+len("/asterisk.ctl") <= 100 {
		return run
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(dir))
	return filepath.Join(os.TempDir(), fmt.Sprintf("hotline-%x", h.Sum64()))
}

// secret reads the secret kept in file, or makes one.
func secret(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading a secret of the switch: %w", err)
	}
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	made := base64.RawURLEncoding.EncodeToString(raw)
	if err := os.WriteFile(file, []byte(made+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keeping a secret of the switch: %w", err)
	}
	return made, nil
}

// candidates offers browsers the media address in place of this machine's own
// addresses. Where it is another machine's way in, browsers on this machine
// still need the local one.
func candidates(media string) []asterisk.ICECandidate {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var list []asterisk.ICECandidate
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || !prefix.Addr().Is4() || prefix.Addr().IsLoopback() {
			continue
		}
		local := prefix.Addr().String()
		advertised := media
		if local == media {
			advertised = "127.0.0.1,include_local_address"
		}
		list = append(list, asterisk.ICECandidate{Local: local, Advertised: advertised})
	}
	return list
}

// startPatience is how long a switch may take until ARI answers; alone it takes
// 0.3–0.7 s, on a busy machine more.
const startPatience = 30 * time.Second
