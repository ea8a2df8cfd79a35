package script

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open12345/hotline/cti/testcall"
)

// Speech finds the sound of a sentence in a folder of WAV files that were
// synthesised ahead. The zero Speech has no folder: every sentence is a pattern of
// tones.
type Speech struct {
	// Dir holds the files, each named by FileName.
	Dir string
	// Voice and Rate (words a minute) are part of the name.
	Voice string
	Rate  int
}

// Defaults of a Speech, for espeak-ng 1.52.
const (
	DefaultVoice = "cmn"
	DefaultRate  = 170
)

// FileName names the file of a sentence by a hash of text, voice and rate.
func (s Speech) FileName(text string) string {
	sum := sha256.Sum256([]byte(s.voice() + "\x00" + strconv.Itoa(s.rate()) + "\x00" + text))
	return hex.EncodeToString(sum[:16]) + ".wav"
}

func (s Speech) voice() string {
	if s.Voice == "" {
		return DefaultVoice
	}
	return s.Voice
}

func (s Speech) rate() int {
	if s.Rate == 0 {
		return DefaultRate
	}
	return s.Rate
}

// Say gives the sound of a sentence: its file, or a pattern of tones of about the
// same length if there is none or it can't be read.
func (s Speech) Say(text string) testcall.Source {
	if s.Dir != "" {
		if clip, err := testcall.WAVClip(filepath.Join(s.Dir, s.FileName(text))); err == nil {
			return clip
		}
	}
	return murmur(text)
}

// Has says whether the folder has the sound of a sentence.
func (s Speech) Has(text string) bool {
	if s.Dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(s.Dir, s.FileName(text)))
	return err == nil
}

// murmur stands for a sentence: 180 ms a character, in the citizen's tone and the
// same pattern each time.
func murmur(text string) testcall.Source {
	var parts []testcall.Source
	tone := testcall.Tone(testcall.ToneOf(testcall.LegCitizen))
	for range utf8.RuneCountInString(text) {
		var on [6 * testcall.FrameSamples]int16
		for i := 0; i < len(on); i += testcall.FrameSamples {
			tone.Next(on[i : i+testcall.FrameSamples])
		}
		parts = append(parts, testcall.Clip(on[:]), testcall.Clip(make([]int16, 3*testcall.FrameSamples)))
	}
	return testcall.Sequence(parts...)
}

// In is the same speech by another voice, unless that is empty.
func (s Speech) In(voice string) Speech {
	if voice != "" {
		s.Voice = voice
	}
	return s
}

// Synthesiser is a program that makes one WAV file; {text}, {out}, {voice} and
// {rate} in its words are replaced.
type Synthesiser struct {
	Words []string
	Env   []string // besides our own environment
}

// Synthesise makes the files that are missing, one by one, and gives how many were
// made.
func (s Speech) Synthesise(ctx context.Context, by Synthesiser, sentences []Sentence) (int, error) {
	if len(by.Words) == 0 {
		return 0, errors.New("synthesising speech: no command")
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return 0, fmt.Errorf("folder for speech: %w", err)
	}
	made := 0
	for _, sentence := range sentences {
		voiced := s.In(sentence.Voice)
		path := filepath.Join(s.Dir, voiced.FileName(sentence.Text))
		if _, err := os.Stat(path); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return made, fmt.Errorf("looking for speech: %w", err)
		}
		if err := voiced.synthesise(ctx, by, sentence.Text, path); err != nil {
			return made, fmt.Errorf("synthesising %q: %w", sentence.Text, err)
		}
		made++
	}
	return made, nil
}

// synthesise writes beside the file and renames, so that a broken run leaves no
// half of a sentence under its name.
func (s Speech) synthesise(ctx context.Context, by Synthesiser, text, path string) error {
	draft := path + ".part"
	words := make([]string, len(by.Words))
	replace := strings.NewReplacer("{text}", text, "{out}", draft, "{voice}", s.voice(), "{rate}", strconv.Itoa(s.rate()))
	for i, w := range by.Words {
		words[i] = replace.Replace(w)
	}
	program := exec.CommandContext(ctx, words[0], words[1:]...)
	program.Env = append(os.Environ(), by.Env...)
	if output, err := program.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", words[0], err, strings.TrimSpace(string(output)))
	}
	audio, err := testcall.ReadWAV(draft)
	if err != nil {
		return err
	}
	samples := testcall.Resample(audio.Left(), audio.Rate)
	if testcall.Level(samples) <= testcall.Silence {
		return errors.New("the speech is silent")
	}
	if err := testcall.WriteWAV(draft, testcall.Audio{Rate: testcall.SampleRate, Channels: [][]int16{samples}}); err != nil {
		return err
	}
	return os.Rename(draft, path)
}
