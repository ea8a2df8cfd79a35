package asterisk_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
)

func params() asterisk.Params {
	p := asterisk.Defaults()
	p.Dir, p.RunDir = "/srv/node", "/srv/node/run"
	p.ModuleDir, p.DataDir, p.SbinDir = "/usr/lib/asterisk/modules", "/usr/share/asterisk", "/usr/sbin"
	p.Name = "sw1"
	p.SIPListen = "127.0.0.1:15060"
	p.RTPStart, p.RTPEnd = 20000, 20999
	p.HTTPPort, p.AMIPort = 18088, 15038
	p.ARIPassword, p.AMIPassword = "secret-for-ari", "secret-for-ami"
	return p
}

func TestRenderWritesEveryFileTheSwitchNeeds(t *testing.T) {
	files, err := asterisk.Render(params())
	require.NoError(t, err)
	for _, name := range []string{
		"asterisk.conf", "modules.conf", "pjsip.conf", "extensions.conf", "ari.conf", "http.conf",
		"manager.conf", "rtp.conf", "musiconhold.conf", "queues.conf", "sorcery.conf", "logger.conf",
		"stasis.conf", "indications.conf", "cdr.conf", "cel.conf", "pjproject.conf",
		"chan_websocket.conf", "websocket_client.conf", "queuerules.conf",
	} {
		require.Contains(t, files, name)
		require.NotContains(t, string(files[name]), "<no value>", name)
		require.NotContains(t, string(files[name]), "{{", name)
	}
}

func TestRenderPutsParametersWhereTheyBelong(t *testing.T) {
	p := params()
	p.TrunkMatch = []string{"192.0.2.0/24", "198.51.100.7"}
	p.Carrier = "192.0.2.1:5080"
	p.LastResortSeats = []string{"8001", "8002"}
	p.ICECandidates = []asterisk.ICECandidate{{Local: "192.0.2.2", Advertised: "127.0.0.1"}}
	p.External, p.MediaAddress, p.LocalNets = true, "203.0.113.9", []string{"10.0.0.0/8"}
	p.TrunkRTPTimeout = 0
	p.Guard = 7 * time.Second
	files, err := asterisk.Render(p)
	require.NoError(t, err)
	for name, parts := range map[string][]string{
		"pjsip.conf": {
			"match=192.0.2.0/24\nmatch=198.51.100.7\n", "contact=sip:192.0.2.1:5080", "bind=127.0.0.1:15060",
			"endpoint_identifier_order=username,auth_username,ip", "rtp_timeout=0\nrtp_timeout_hold=0\n",
			"external_media_address=203.0.113.9\nexternal_signaling_address=203.0.113.9\nlocal_net=10.0.0.0/8\n",
		},
		"extensions.conf": {"TIMEOUT(absolute)=7", "Stasis(hotline,inbound,", "exten => _8XXX,1", "Queue(last-resort"},
		"queues.conf":     {"member => PJSIP/8001\nmember => PJSIP/8002\n"},
		"rtp.conf":        {"rtpstart=20000", "rtpend=20999", "192.0.2.2 => 127.0.0.1"},
		"http.conf":       {"bindaddr=127.0.0.1", "bindport=18088", "sessionlimit=1000"},
		"manager.conf":    {"bindaddr = 127.0.0.1", "port = 15038", "secret-for-ami"},
		"ari.conf":        {"password = secret-for-ari", "channelvars = HOTLINE_RECORDING,HOTLINE_CALLED"},
		"asterisk.conf":   {"systemname = sw1", "astmoddir => /usr/lib/asterisk/modules", "astspooldir => /srv/node/spool"},
		"sorcery.conf":    {"[res_ari]", "user=memory", "endpoint=astdb,ps_endpoint"},
	} {
		for _, part := range parts {
			require.Contains(t, string(files[name]), part, name)
		}
	}
}

func TestWithoutLastResortSeatsTheCallerGoesStraightToVoicemail(t *testing.T) {
	files, err := asterisk.Render(params())
	require.NoError(t, err)
	require.NotContains(t, string(files["extensions.conf"]), "Queue(last-resort")
	require.NotContains(t, string(files["queues.conf"]), "member =>")
}

func TestRenderRefusesWhatWouldBreakAFile(t *testing.T) {
	for name, change := range map[string]func(*asterisk.Params){
		"relative folder":           func(p *asterisk.Params) { p.Dir = "node" },
		"folder with a space":       func(p *asterisk.Params) { p.Dir = "/srv/my node" },
		"name with a line break":    func(p *asterisk.Params) { p.Name = "a\nb" },
		"secret with a semicolon":   func(p *asterisk.Params) { p.ARIPassword = "12345678;" },
		"short secret":              func(p *asterisk.Params) { p.AMIPassword = "x" },
		"no trunk":                  func(p *asterisk.Params) { p.TrunkMatch = nil },
		"trunk that is no address":  func(p *asterisk.Params) { p.TrunkMatch = []string{"everybody"} },
		"carrier without a port":    func(p *asterisk.Params) { p.Carrier = "192.0.2.1" },
		"port out of range":         func(p *asterisk.Params) { p.AMIPort = 70000 },
		"empty media range":         func(p *asterisk.Params) { p.RTPEnd = p.RTPStart },
		"variable with a comma":     func(p *asterisk.Params) { p.ChannelVars = []string{"A,B"} },
		"seat with a line break":    func(p *asterisk.Params) { p.LastResortSeats = []string{"8001\nx"} },
		"pattern with a line break": func(p *asterisk.Params) { p.SeatNumbers = []string{"_8X\n"} },
		"no guard":                  func(p *asterisk.Params) { p.Guard = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			p := params()
			change(&p)
			_, err := asterisk.Render(p)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "secret-for")
		})
	}
}

func TestEveryModuleIsInTheInstallation(t *testing.T) {
	in, err := asterisk.Find("")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, m := range asterisk.Modules() {
		require.FileExists(t, filepath.Join(in.ModuleDir(), m))
		require.False(t, seen[m], "%s is listed twice", m)
		seen[m] = true
	}
	require.NotContains(t, seen, "func_odbc.so")
	require.NotContains(t, seen, "func_curl.so")
}

func TestFindRefusesAFolderWithoutASwitch(t *testing.T) {
	_, err := asterisk.Find(t.TempDir())
	require.ErrorIs(t, err, asterisk.ErrNotInstalled)
	t.Setenv("HOTLINE_SWITCH_DIR", t.TempDir())
	_, err = asterisk.Find("")
	require.ErrorIs(t, err, asterisk.ErrNotInstalled)
}

func TestFindRefusesAnOldSwitch(t *testing.T) {
	dir := t.TempDir()
	for path, text := range map[string]string{
		"usr/sbin/asterisk":          "",
		"lib64/ld-linux-x86-64.so.2": "#!/bin/sh\necho Asterisk 20.6.0~dfsg\n",
	} {
		file := filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	}
	_, err := asterisk.Find(dir)
	require.ErrorIs(t, err, asterisk.ErrNotInstalled)
	require.ErrorContains(t, err, "20.6.0")
}

func TestSpeechIsMandarin(t *testing.T) {
	in, err := asterisk.Find("")
	require.NoError(t, err)
	argv, env := in.SpeechCommand("--version")
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "1.52")

	argv, env = in.SpeechCommand("-v", "cmn", "-q", "-x", "你好")
	cmd = exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err = cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	// An older espeak-ng reads each character's name in English.
	require.NotContains(t, strings.ToLower(string(out)), "(en)")
}
