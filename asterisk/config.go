package asterisk

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"
)

const (
	// App is the name of our ARI application; Stasis() in the dialplan enters it
	// with "inbound" and the called number, "seat" and the dialled text, or
	// "outbound" and the leg's id (variable HOTLINE_LEG).
	App = "hotline"
	// Trunk is the endpoint of the carrier: dial PJSIP/<number>@Trunk.
	Trunk = "trunk"
	// ContextSeat is the dialplan context of seats' phones.
	ContextSeat = "from-seat"
	// ContextOutbound (extension s) is where legs to outside numbers go on answer:
	// it starts their recording and enters App.
	ContextOutbound = "outbound"
	// ContextLastResort (extension s) serves a caller without the floor.
	ContextLastResort = "last-resort"
	// ContextResume (extension s) enters App again; AMI's Redirect takes a caller
	// out of the queue of last resort with it.
	ContextResume = "resume"
	// TransportUDP is the transport of carrier and SIP phones.
	TransportUDP = "transport-udp"
	// TransportTCP is the same address over TCP.
	TransportTCP = "transport-tcp"
	// TransportWS is the transport of browser phones.
	TransportWS = "transport-ws"
	// VarRecording holds the name of a leg's recording below spool/recording; it
	// rides on every event of the leg.
	VarRecording = "HOTLINE_RECORDING"
	// VarCalled holds the called number of a citizen's leg.
	VarCalled = "HOTLINE_CALLED"
)

//go:embed etc/*.tmpl
var templates embed.FS

// Params is all that differs between two nodes.
type Params struct {
	// Dir is the node's private folder, absolute; every file the switch writes is
	// below it, except its sockets, which are in RunDir (paths of sockets are
	// limited to 107 bytes).
	Dir    string
	RunDir string
	// ModuleDir, DataDir and SbinDir are the installation's.
	ModuleDir, DataDir, SbinDir string
	// Name is the node's name: part of every channel's unique id.
	Name string

	// SIPListen is the address of SIP over UDP and TCP.
	SIPListen string
	// MediaAddress is the IP that peers are told to send media to. With External
	// it also stands for us in signalling, except towards LocalNets.
	MediaAddress string
	External     bool
	LocalNets    []string
	// TrunkMatch are addresses or CIDRs whose calls are citizens' calls.
	TrunkMatch []string
	// Carrier is the address that outbound calls go to.
	Carrier string
	// TrunkRTPTimeout ends a trunk call without media; 0 never (loads that have
	// signalling only).
	TrunkRTPTimeout time.Duration
	// RTPStart and RTPEnd bound the media ports, two a leg.
	RTPStart, RTPEnd int
	// ICECandidates replace this machine's own addresses in what browsers are offered.
	ICECandidates []ICECandidate

	// HTTPPort is the loopback port of ARI and of the phones' WebSocket; AMIPort
	// that of the manager interface.
	HTTPPort, AMIPort    int
	ARIUser, ARIPassword string
	AMIUser, AMIPassword string
	// ChannelVars ride on every channel event.
	ChannelVars []string

	// SeatNumbers are dialplan patterns of numbers that no citizen calls from.
	SeatNumbers []string
	// Guard is how long the floor may take to own a call before the last resort.
	Guard time.Duration
	// Retries is how often, every half second, an absent floor is asked again.
	Retries int
	// LastResortSeats are phones that ring when no floor answers, for LastResortWait.
	LastResortSeats []string
	LastResortWait  time.Duration
}

// ICECandidate is a local address and what browsers are offered in its place;
// ",include_local_address" at the end of Advertised offers both.
type ICECandidate struct{ Local, Advertised string }

// Defaults returns Params with everything set that has one right value; the
// caller adds folders, name, secrets and ports.
func Defaults() Params {
	return Params{
		MediaAddress:    "127.0.0.1",
		TrunkMatch:      []string{"127.0.0.1/32"},
		Carrier:         "127.0.0.1:5080",
		TrunkRTPTimeout: time.Minute,
		ARIUser:         App,
		AMIUser:         App,
		ChannelVars:     []string{VarRecording, VarCalled},
		SeatNumbers:     []string{"_8XXX", "_w8XXX"},
		Guard:           5 * time.Second,
		Retries:         16,
		LastResortWait:  2 * time.Minute,
	}
}

var (
	wordPattern     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	secretPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{8,}$`)
	variablePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	extenPattern    = regexp.MustCompile(`^_?[A-Za-z0-9\[\]!.+*#-]+$`)
)

// check refuses what could not be written into a configuration file unchanged:
// the templates quote nothing.
func (p Params) check() error {
	var faults []error
	need := func(ok bool, what string, value any) {
		if !ok {
			faults = append(faults, fmt.Errorf("switch parameter %s: %v is not possible", what, value))
		}
	}
	for what, dir := range map[string]string{"Dir": p.Dir, "RunDir": p.RunDir, "ModuleDir": p.ModuleDir, "DataDir": p.DataDir, "SbinDir": p.SbinDir} {
		need(filepath.IsAbs(dir) && !strings.ContainsAny(dir, " ,;$\n\r\t"), what, fmt.Sprintf("%q (an absolute path without spaces)", dir))
	}
	for what, word := range map[string]string{"Name": p.Name, "ARIUser": p.ARIUser, "AMIUser": p.AMIUser} {
		need(wordPattern.MatchString(word), what, fmt.Sprintf("%q", word))
	}
	for what, secret := range map[string]string{"ARIPassword": p.ARIPassword, "AMIPassword": p.AMIPassword} {
		// The secret itself stays out of the error.
		need(secretPattern.MatchString(secret), what, "a secret of other than letters, digits, - and _, or under 8 of them,")
	}
	for what, address := range map[string]string{"SIPListen": p.SIPListen, "Carrier": p.Carrier} {
		_, _, err := net.SplitHostPort(address)
		need(err == nil && !strings.ContainsAny(address, " ;,\n\r\t"), what, fmt.Sprintf("%q", address))
	}
	_, err := netip.ParseAddr(p.MediaAddress)
	need(err == nil, "MediaAddress", fmt.Sprintf("%q", p.MediaAddress))
	need(len(p.TrunkMatch) > 0, "TrunkMatch", "an empty list")
	for _, m := range append(append([]string{}, p.TrunkMatch...), p.LocalNets...) {
		_, perr := netip.ParsePrefix(m)
		_, aerr := netip.ParseAddr(m)
		need(perr == nil || aerr == nil, "TrunkMatch or LocalNets", fmt.Sprintf("%q", m))
	}
	for what, port := range map[string]int{"HTTPPort": p.HTTPPort, "AMIPort": p.AMIPort, "RTPStart": p.RTPStart, "RTPEnd": p.RTPEnd} {
		need(port > 0 && port <= 65535, what, port)
	}
	need(p.RTPEnd > p.RTPStart, "RTPEnd", p.RTPEnd)
	for _, v := range p.ChannelVars {
		need(variablePattern.MatchString(v), "ChannelVars", fmt.Sprintf("%q", v))
	}
	for _, n := range p.SeatNumbers {
		need(extenPattern.MatchString(n), "SeatNumbers", fmt.Sprintf("%q", n))
	}
	for _, s := range p.LastResortSeats {
		need(wordPattern.MatchString(s), "LastResortSeats", fmt.Sprintf("%q", s))
	}
	need(p.Guard >= time.Second, "Guard", p.Guard)
	return errors.Join(faults...)
}

// Render returns the files of the switch's configuration folder by name.
func Render(p Params) (map[string][]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	names, err := fs.Glob(templates, "etc/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("listing the switch's templates: %w", err)
	}
	files := make(map[string][]byte, len(names))
	for _, name := range names {
		base := strings.TrimSuffix(filepath.Base(name), ".tmpl")
		t, err := template.New(filepath.Base(name)).Option("missingkey=error").Funcs(functions).ParseFS(templates, name)
		if err != nil {
			return nil, fmt.Errorf("reading template %s: %w", base, err)
		}
		var out bytes.Buffer
		if err := t.Execute(&out, p); err != nil {
			return nil, fmt.Errorf("filling template %s: %w", base, err)
		}
		files[base] = out.Bytes()
	}
	return files, nil
}

var functions = template.FuncMap{
	"app":     func() string { return App },
	"trunk":   func() string { return Trunk },
	"list":    func(items ...string) []string { return items },
	"modules": Modules,
	"join":    func(list []string) string { return strings.Join(list, ",") },
	"seconds": func(d time.Duration) int { return int(d.Seconds()) },
}
