package prompts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Utterance is one text to be spoken.
type Utterance struct {
	Language string `json:"language"`
	Text     string `json:"text"`
	// Pinyin is the exact reading, empty where the text says enough.
	Pinyin string `json:"pinyin,omitempty"`
}

// Engine is a speech synthesiser.
type Engine interface {
	// Speaks says whether it has a voice for a language.
	Speaks(language string) bool
	// Identity is all that decides the sound of a language beside the text, such as
	// voice and rate: when it changes, files are made anew.
	Identity(language string) string
	// Synthesize speaks. It gives up when ctx ends.
	Synthesize(ctx context.Context, u Utterance) (Sound, error)
}

// oneUtterance is how long an engine may take for one text.
const oneUtterance = 60 * time.Second

// Espeak speaks with espeak-ng 1.52 or newer; older ones read Chinese as letters.
type Espeak struct {
	// Command gives the command line and additional environment that runs espeak-ng
	// with the arguments, as asterisk.Install.SpeechCommand does.
	Command func(args ...string) (argv, env []string)
	// Voice is the Mandarin voice, "cmn".
	Voice string
	// Rate is words a minute.
	Rate int
}

// espeakVoices are the voices of the other languages.
var espeakVoices = map[string]string{"en": "en-gb"}

// A pitch a little above the default keeps more of the voice inside a telephone's
// 300–3400 Hz; 10 ms between words sets syllables apart. English is slowed down against
// the rate of Mandarin, whose words are shorter.
const (
	espeakPitch     = 55
	espeakGap       = 1
	englishSlowness = 15
)

// Speaks is true for Mandarin and English.
func (e Espeak) Speaks(language string) bool { return language == "zh" || espeakVoices[language] != "" }

// Identity names voice, rate and pitch.
func (e Espeak) Identity(language string) string {
	return "espeak " + strings.Join(e.args(language, false), " ")
}

func (e Espeak) args(language string, pinyin bool) []string {
	voice, rate := e.Voice, e.Rate
	if v := espeakVoices[language]; v != "" {
		voice, rate = v, rate-englishSlowness
	}
	if pinyin {
		voice = "cmn-latn-pinyin"
	}
	return []string{"-v", voice, "-s", strconv.Itoa(rate), "-p", strconv.Itoa(espeakPitch), "-g", strconv.Itoa(espeakGap)}
}

// Synthesize runs espeak-ng once.
func (e Espeak) Synthesize(ctx context.Context, u Utterance) (Sound, error) {
	text := u.Text
	if u.Pinyin != "" {
		text = u.Pinyin
	}
	args := append(e.args(u.Language, u.Pinyin != ""), "-b", "1", "--stdin", "--stdout")
	argv, env := e.Command(args...)
	return runSpeech(ctx, argv, env, text)
}

// Command speaks with any program that reads the text on its standard input and writes
// a WAV file to its standard output.
type Command struct {
	// Argv is the command line; {language} and {pinyin} in it are replaced.
	Argv []string
	// Languages are those it speaks; empty means zh and en.
	Languages []string
}

// Speaks says whether the language is among those configured.
func (c Command) Speaks(language string) bool { return speaks(c.Languages, language) }

// Identity is the command line.
func (c Command) Identity(string) string { return "command " + strings.Join(c.Argv, " ") }

// Synthesize runs the program once.
func (c Command) Synthesize(ctx context.Context, u Utterance) (Sound, error) {
	replacer := strings.NewReplacer("{language}", u.Language, "{pinyin}", u.Pinyin)
	argv := make([]string, len(c.Argv))
	for i, a := range c.Argv {
		argv[i] = replacer.Replace(a)
	}
	return runSpeech(ctx, argv, nil, u.Text)
}

func speaks(languages []string, language string) bool {
	if len(languages) == 0 {
		return language == "zh" || language == "en"
	}
	for _, l := range languages {
		if l == language {
			return true
		}
	}
	return false
}

func runSpeech(ctx context.Context, argv, env []string, text string) (Sound, error) {
	if len(argv) == 0 {
		return Sound{}, fmt.Errorf("speech engine: no command is configured")
	}
	ctx, cancel := context.WithTimeout(ctx, oneUtterance)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader(text)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return Sound{}, fmt.Errorf("speech engine %s: %w: %.200s", argv[0], err, complaints.String())
	}
	s, err := DecodeWAV(out.Bytes())
	if err != nil {
		return Sound{}, fmt.Errorf("speech engine %s: %w", argv[0], err)
	}
	return s, nil
}

// HTTP speaks with a server that takes an Utterance as JSON by POST and answers a WAV
// file.
type HTTP struct {
	URL string
	// Voice and Rate are sent along.
	Voice     string
	Rate      int
	Languages []string
	Client    *http.Client
}

// maxAnswer is the longest WAV file taken from a server.
const maxAnswer = 64 << 20

// Speaks says whether the language is among those configured.
func (h HTTP) Speaks(language string) bool { return speaks(h.Languages, language) }

// Identity names server, voice and rate.
func (h HTTP) Identity(string) string { return fmt.Sprintf("http %s %s %d", h.URL, h.Voice, h.Rate) }

// Synthesize makes one request.
func (h HTTP) Synthesize(ctx context.Context, u Utterance) (Sound, error) {
	ctx, cancel := context.WithTimeout(ctx, oneUtterance)
	defer cancel()
	body, err := json.Marshal(struct {
		Utterance
		Voice string `json:"voice,omitempty"`
		Rate  int    `json:"rate,omitempty"`
	}{u, h.Voice, h.Rate})
	if err != nil {
		return Sound{}, fmt.Errorf("speech server: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return Sound{}, fmt.Errorf("speech server: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := h.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return Sound{}, fmt.Errorf("speech server: %w", err)
	}
	defer resp.Body.Close()
	wav, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return Sound{}, fmt.Errorf("speech server: reading its answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return Sound{}, fmt.Errorf("speech server answers %s: %.200s", resp.Status, wav)
	}
	s, err := DecodeWAV(wav)
	if err != nil {
		return Sound{}, fmt.Errorf("speech server: %w", err)
	}
	return s, nil
}
