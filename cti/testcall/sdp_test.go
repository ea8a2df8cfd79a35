package testcall

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSessionSurvivesItsOwnBody(t *testing.T) {
	for _, want := range []session{
		{netip.MustParseAddrPort("127.0.0.1:4000"), []Codec{PCMA, PCMU}, 101, sendRecv},
		{netip.MustParseAddrPort("[2001:db8::1]:4000"), []Codec{PCMU}, 0, inactive},
	} {
		got, err := parseSession(want.body(7, 1))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestSessionsOfOthers(t *testing.T) {
	const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
	for name, test := range map[string]struct {
		body   string
		codecs []Codec
		events uint8
		sense  direction
		addr   string
	}{
		"plain":                    {head + "m=audio 5000 RTP/AVP 0 8\r\n", []Codec{PCMU, PCMA}, 0, sendRecv, "192.0.2.1:5000"},
		"unknown codecs":           {head + "m=audio 5000 RTP/AVP 9 18 8 96\r\na=rtpmap:96 telephone-event/8000\r\n", []Codec{PCMA}, 96, sendRecv, "192.0.2.1:5000"},
		"address of the stream":    {head + "m=audio 5000 RTP/AVP 8\r\nc=IN IP4 192.0.2.9\r\na=sendonly\r\n", []Codec{PCMA}, 0, sendOnly, "192.0.2.9:5000"},
		"direction of the session": {"v=0\r\nc=IN IP4 192.0.2.1\r\na=recvonly\r\nm=audio 5000 RTP/AVP 8\r\n", []Codec{PCMA}, 0, recvOnly, "192.0.2.1:5000"},
		"old hold":                 {"v=0\nc=IN IP4 0.0.0.0\nm=audio 5000 RTP/AVP 8\n", []Codec{PCMA}, 0, inactive, "0.0.0.0:5000"},
		"video is left aside":      {head + "m=audio 5000 RTP/AVP 8\r\nm=video 6000 RTP/AVP 99\r\na=inactive\r\n", []Codec{PCMA}, 0, sendRecv, "192.0.2.1:5000"},
	} {
		got, err := parseSession([]byte(test.body))
		require.NoError(t, err, name)
		require.Equal(t, session{netip.MustParseAddrPort(test.addr), test.codecs, test.events, test.sense}, got, name)
	}
	for name, body := range map[string]string{
		"empty": "", "no audio": head, "no address": "v=0\r\nm=audio 5000 RTP/AVP 8\r\n", "refused stream": head + "m=audio 0 RTP/AVP 8\r\n",
		"a name for an address": "c=IN IP4 example.org\r\nm=audio 5000 RTP/AVP 8\r\n", "short": head + "m=audio 5000\r\n",
	} {
		_, err := parseSession([]byte(body))
		require.Error(t, err, name)
	}
}

func FuzzParseSession(f *testing.F) {
	f.Add([]byte("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 5000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"))
	f.Add([]byte("m=audio\r\na=rtpmap: telephone-event/8000"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := parseSession(body)
		if err == nil {
			require.True(t, s.addr.IsValid())
			require.NotZero(t, s.addr.Port())
		}
	})
}

func FuzzPackets(f *testing.F) {
	f.Add([]byte{0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x55, 0xd5})
	f.Add([]byte{0x80, 101, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 5, 0x8a, 3, 0x20})
	f.Add([]byte{0x9f, 0x88, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		e := newEar()
		e.expect(0, eventPayloadType)
		e.packet(data, 1, time.Now())
		e.packet(data, 1, time.Now())
		require.LessOrEqual(t, len(e.keys), 1)
	})
}
