package testcall

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Codec is a G.711 law, by its static RTP payload type (RFC 3551).
type Codec uint8

// The codecs of the telephone network.
const (
	PCMU Codec = 0
	PCMA Codec = 8
)

// String gives the encoding name of SDP.
func (c Codec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case PCMA:
		return "PCMA"
	}
	return fmt.Sprintf("codec %d", uint8(c))
}

// direction is the sense of a stream as its owner sees it (RFC 3264 §5.1).
type direction string

const (
	sendRecv direction = "sendrecv"
	sendOnly direction = "sendonly"
	recvOnly direction = "recvonly"
	inactive direction = "inactive"
)

// mirror is the answer to the peer's direction.
func (d direction) mirror() direction {
	switch d {
	case sendOnly:
		return recvOnly
	case recvOnly:
		return sendOnly
	}
	return d
}

func (d direction) sends() bool { return d == sendRecv || d == sendOnly }

// eventPayloadType is what we offer for telephone-event (RFC 4733).
const eventPayloadType = 101

// errNoCommonMedia is answered with 488 (RFC 3261 §21.4.26).
var errNoCommonMedia = errors.New("no common codec in the session description")

// session is the part of an SDP body that a G.711 phone cares for.
type session struct {
	addr   netip.AddrPort
	codecs []Codec
	events uint8 // payload type of telephone-event, 0 if none
	sense  direction
}

// body renders the session. version rises with each change (RFC 3264 §8).
func (s session) body(id, version uint64) []byte {
	var b strings.Builder
	family := "IP4"
	if s.addr.Addr().Is6() {
		family = "IP6"
	}
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=testcall\r\nc=IN %s %s\r\nt=0 0\r\n", id, version, family, s.addr.Addr(), family, s.addr.Addr())
	fmt.Fprintf(&b, "m=audio %d RTP/AVP", s.addr.Port())
	for _, c := range s.codecs {
		fmt.Fprintf(&b, " %d", uint8(c))
	}
	if s.events != 0 {
		fmt.Fprintf(&b, " %d", s.events)
	}
	b.WriteString("\r\n")
	for _, c := range s.codecs {
		fmt.Fprintf(&b, "a=rtpmap:%d %s/8000\r\n", uint8(c), c)
	}
	if s.events != 0 {
		fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", s.events, s.events)
	}
	fmt.Fprintf(&b, "a=ptime:20\r\na=%s\r\n", s.sense)
	return []byte(b.String())
}

// parseSession reads the first audio stream of an SDP body and leaves out what
// it does not know.
func parseSession(body []byte) (session, error) {
	s := session{sense: sendRecv}
	var host string
	var port uint64
	inAudio, seen := false, false
	for line := range strings.Lines(string(body)) {
		kind, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		switch {
		case kind == "m":
			inAudio = !seen && strings.HasPrefix(value, "audio ")
			if inAudio {
				seen = true
				fields := strings.Fields(value)
				if len(fields) < 4 {
					return session{}, fmt.Errorf("session description: short media line %q", value)
				}
				port, _ = strconv.ParseUint(fields[1], 10, 16)
				s.codecs = knownCodecs(fields[3:])
			}
		case kind == "c" && (inAudio || !seen):
			if fields := strings.Fields(value); len(fields) == 3 {
				host = fields[2]
			}
		case kind == "a" && (inAudio || !seen):
			s.attribute(value)
		}
	}
	addr, err := netip.ParseAddr(host)
	if !seen || err != nil || port == 0 {
		return session{}, fmt.Errorf("session description has no audio stream with an address (connection %q, port %d)", host, port)
	}
	if addr.IsUnspecified() { // RFC 2543's way of holding
		s.sense = inactive
	}
	s.addr = netip.AddrPortFrom(addr, uint16(port))
	return s, nil
}

func (s *session) attribute(value string) {
	switch direction(value) {
	case sendRecv, sendOnly, recvOnly, inactive:
		s.sense = direction(value)
		return
	}
	if mapping, ok := strings.CutPrefix(value, "rtpmap:"); ok {
		number, name, _ := strings.Cut(mapping, " ")
		if strings.EqualFold(name, "telephone-event/8000") {
			if pt, err := strconv.ParseUint(number, 10, 7); err == nil {
				s.events = uint8(pt)
			}
		}
	}
}

func knownCodecs(formats []string) []Codec {
	var codecs []Codec
	for _, f := range formats {
		switch f {
		case "0":
			codecs = append(codecs, PCMU)
		case "8":
			codecs = append(codecs, PCMA)
		}
	}
	return codecs
}

// commonCodec is the first codec of the peer that we speak too.
func commonCodec(theirs, ours []Codec) (Codec, error) {
	for _, c := range theirs {
		if slices.Contains(ours, c) {
			return c, nil
		}
	}
	return 0, errNoCommonMedia
}
