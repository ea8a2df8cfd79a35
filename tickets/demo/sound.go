package demo

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
)

// sampleRate is the rate of the demo's recordings, that of the telephone.
const sampleRate = 8000

// stereo is a recording: left the citizen, right the seat; nil right: one channel.
type stereo struct {
	left, right []int16
}

func (s stereo) seconds() float64 { return float64(len(s.left)) / sampleRate }

// say adds a sentence on one side and silence on the other, and a pause after it.
func (s *stereo) say(samples []int16, seat bool, pause int) {
	silence := make([]int16, len(samples)+pause)
	spoken := append(append([]int16{}, samples...), make([]int16, pause)...)
	if seat {
		s.left, s.right = append(s.left, silence...), append(s.right, spoken...)
		return
	}
	s.left, s.right = append(s.left, spoken...), append(s.right, silence...)
}

// wav is the recording as a WAV file of 16-bit samples.
func (s stereo) wav() []byte {
	channels := 2
	if s.right == nil {
		channels = 1
	}
	size := len(s.left) * channels * 2
	out := make([]byte, 0, 44+size)
	out = append(out, "RIFF"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(36+size))
	out = append(out, "WAVEfmt "...)
	out = binary.LittleEndian.AppendUint32(out, 16)
	out = binary.LittleEndian.AppendUint16(out, 1)
	out = binary.LittleEndian.AppendUint16(out, uint16(channels))
	out = binary.LittleEndian.AppendUint32(out, sampleRate)
	out = binary.LittleEndian.AppendUint32(out, uint32(sampleRate*channels*2))
	out = binary.LittleEndian.AppendUint16(out, uint16(channels*2))
	out = binary.LittleEndian.AppendUint16(out, 16)
	out = append(out, "data"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(size))
	for i := range s.left {
		out = binary.LittleEndian.AppendUint16(out, uint16(s.left[i]))
		if channels == 2 {
			out = binary.LittleEndian.AppendUint16(out, uint16(s.right[i]))
		}
	}
	return out
}

// Voices of Config.Speak.
const (
	agentVoice    = 0
	citizenVoices = 3
)

// speak reads a text aloud, each text and voice once.
func (l *loader) speak(ctx context.Context, text string, voice int) ([]int16, error) {
	key := fmt.Sprint(voice, text)
	if samples, ok := l.sounds[key]; ok {
		return samples, nil
	}
	samples, err := l.cfg.Speak(ctx, text, voice)
	if err != nil {
		return nil, fmt.Errorf("speak %q: %w", text, err)
	}
	l.sounds[key] = samples
	return samples, nil
}

// sentences splits a text at its full stops.
func sentences(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == '。' || r == '？' || r == '！' || r == '；' })
	for i := range list {
		list[i] = strings.TrimSpace(list[i]) + "。"
	}
	return list
}

// conversation is the sound of a recorded call: greeting, the citizen's sentences with the
// agent's questions between, the closing.
func (l *loader) conversation(ctx context.Context, v visit) (stereo, error) {
	if !v.recorded || l.cfg.Speak == nil {
		return stereo{}, nil
	}
	voice := 1 + l.rng.IntN(citizenVoices)
	told := []string{"你好。"}
	switch {
	case v.what != "note":
		told = append(told, sentences(v.matter.Content)...)
	case v.note == "silent":
		told = nil
	default:
		told = append(told, pick(l, l.book.Notes[v.note])+"。")
	}
	sound := stereo{right: []int16{}}
	add := func(text string, seat bool) error {
		who := voice
		if seat {
			who = agentVoice
		}
		samples, err := l.speak(ctx, text, who)
		if err == nil {
			sound.say(samples, seat, sampleRate/4+l.rng.IntN(sampleRate/2))
		}
		return err
	}
	if err := add(l.book.Agent.Greeting, true); err != nil {
		return sound, err
	}
	for i, text := range told {
		if err := add(text, false); err != nil {
			return sound, err
		}
		if i > 0 && i < len(told)-1 {
			if err := add(pick(l, l.book.Agent.Between), true); err != nil {
				return sound, err
			}
		}
	}
	closing := []string{l.book.Agent.Direct, l.book.Agent.Bye}
	switch {
	case v.matter.Answer != "" && v.what == "direct":
		closing = append(sentences(v.matter.Answer), closing...)
	case v.what == "pool":
		closing = []string{l.book.Agent.Ticket, l.book.Agent.Bye}
	}
	for _, text := range closing {
		if err := add(text, true); err != nil {
			return sound, err
		}
	}
	return sound, nil
}

// message is the sound of a voicemail.
func (l *loader) message(ctx context.Context, text string) (stereo, error) {
	if l.cfg.Speak == nil {
		return stereo{}, nil
	}
	samples, err := l.speak(ctx, text, 1+l.rng.IntN(citizenVoices))
	return stereo{left: samples}, err
}
