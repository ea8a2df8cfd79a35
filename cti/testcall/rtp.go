package testcall

import (
	"errors"
	"net"
	"time"

	"github.com/pion/rtp"
	"github.com/zaf/g711"
)

// write sends one RTP packet; m.mu is held.
func (m *media) write(payloadType uint8, timestamp uint32, marker bool, payload []byte) {
	packet := rtp.Packet{
		Header: rtp.Header{
			Version: 2, Marker: marker, PayloadType: payloadType,
			SequenceNumber: m.sequence, Timestamp: timestamp, SSRC: m.ssrc,
		},
		Payload: payload,
	}
	number := m.sent
	m.sequence++
	m.sent++
	if m.impair.Drop != nil && m.impair.Drop(number) {
		return
	}
	data, err := packet.Marshal()
	if err != nil {
		m.log.Error("packing RTP", "error", err)
		return
	}
	copies := 1
	if m.impair.Duplicate != nil && m.impair.Duplicate(number) {
		copies = 2
	}
	for range copies {
		// A peer that has gone answers by ICMP; the call's end comes by SIP.
		if _, err := m.conn.WriteToUDPAddrPort(data, m.remote); err != nil {
			m.log.Debug("sending RTP", "error", err)
		}
	}
}

func encode(codec Codec, pcm []int16) []byte {
	out := make([]byte, len(pcm))
	for i, s := range pcm {
		if codec == PCMU {
			out[i] = g711.EncodeUlawFrame(s)
		} else {
			out[i] = g711.EncodeAlawFrame(s)
		}
	}
	return out
}

func decode(codec Codec, payload []byte) []int16 {
	out := make([]int16, len(payload))
	for i, b := range payload {
		if codec == PCMU {
			out[i] = g711.DecodeUlawFrame(b)
		} else {
			out[i] = g711.DecodeAlawFrame(b)
		}
	}
	return out
}

// receive reads until the socket is closed.
func (m *media) receive() {
	buffer := make([]byte, 2048)
	control := make([]byte, 128)
	for {
		n, oobn, _, from, err := m.conn.ReadMsgUDPAddrPort(buffer, control)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP error of an earlier packet; the socket goes on
		}
		at := receiveTime(control[:oobn])
		m.ear.packet(buffer[:n], from.Port(), at)
	}
}

// packet enters one datagram. Anything that is not RTP from the expected port is
// left aside: reports (RFC 5761 §4), strays of a call that had this port before.
func (e *ear) packet(data []byte, port uint16, at time.Time) {
	if len(data) < 12 || data[0]>>6 != 2 || (data[1] >= 192 && data[1] <= 223) {
		return
	}
	var packet rtp.Packet
	if packet.Unmarshal(data) != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.port != 0 && port != e.port {
		e.strays++
		return
	}
	if !e.meter.packet(packet.SSRC, packet.SequenceNumber, packet.Timestamp, len(packet.Payload), at) {
		return
	}
	switch {
	case packet.PayloadType == uint8(PCMU) || packet.PayloadType == uint8(PCMA):
		e.hear(decode(Codec(packet.PayloadType), packet.Payload), at)
	case e.events != 0 && packet.PayloadType == e.events:
		if key := e.reader.read(packet.Timestamp, packet.Payload); key != 0 {
			e.keys = append(e.keys, key)
			e.wake()
		}
	}
}
