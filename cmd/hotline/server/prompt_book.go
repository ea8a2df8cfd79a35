package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr/prompts"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// promptBook holds the spoken lines: what callers hear, and what the administrator replaces.
type promptBook struct {
	files    *prompts.Sounds
	manifest *prompts.Manifest
	engine   prompts.Engine
	cache    string // folder of the made files
	recorded string // folder of the recorded files

	building sync.Mutex
}

var _ web.PromptBook = (*promptBook)(nil)

const promptBuildPatience = 2 * time.Minute

// openPrompts makes the lines that are not made yet and opens them.
func openPrompts(ctx context.Context, cfg config.Config, progress func(done, total int)) (*promptBook, error) {
	manifest, err := prompts.ReadManifest(filepath.Join(cfg.Prompts.Dir, "prompts.yaml"))
	if err != nil {
		return nil, err
	}
	install, err := asterisk.Find(cfg.Switch.Dir)
	if err != nil {
		return nil, err
	}
	b := &promptBook{
		manifest: manifest, engine: prompts.Espeak{Command: install.SpeechCommand, Voice: cfg.Prompts.Voice, Rate: cfg.Prompts.Rate},
		cache: promptCache(cfg), recorded: cfg.Path("recorded-prompts"),
	}
	if err := b.build(ctx, progress); err != nil {
		return nil, err
	}
	b.files, err = prompts.OpenSounds(b.cache)
	return b, err
}

// promptCache is the folder of the made lines.
func promptCache(cfg config.Config) string {
	if cfg.Prompts.Cache != "" {
		return cfg.Prompts.Cache
	}
	return cfg.Path("prompts")
}

func (b *promptBook) build(ctx context.Context, progress func(done, total int)) error {
	b.building.Lock()
	defer b.building.Unlock()
	ctx, cancel := context.WithTimeout(ctx, promptBuildPatience)
	defer cancel()
	options := prompts.Options{Recorded: b.recorded}
	if progress != nil {
		options.Progress = func(done, total int, _ string) { progress(done, total) }
	}
	if _, err := prompts.Build(ctx, b.manifest, b.engine, b.cache, options); err != nil {
		return fmt.Errorf("make the prompts: %w", err)
	}
	return nil
}

// Prompts implements web.PromptBook. An id is <line>@<language>.
func (b *promptBook) Prompts(context.Context) ([]web.PromptInfo, error) {
	var list []web.PromptInfo
	for _, e := range b.files.Entries() {
		if e.Language == "" {
			continue // tones and silences
		}
		kind := "synthesised"
		if e.Source == prompts.SourceRecorded {
			kind = "recorded"
		}
		list = append(list, web.PromptInfo{ID: e.ID + "@" + e.Language, Text: e.Text, Language: e.Language, Kind: kind})
	}
	return list, nil
}

func (b *promptBook) find(id string) (prompts.Entry, error) {
	line, language, ok := strings.Cut(id, "@")
	if ok {
		for _, e := range b.files.Entries() {
			if e.ID == line && e.Language == language {
				return e, nil
			}
		}
	}
	return prompts.Entry{}, fmt.Errorf("prompt %q: %w", id, service.ErrNotFound)
}

type soundFile struct{ *bytes.Reader }

func (soundFile) Close() error { return nil }

// OpenPrompt implements web.PromptBook: a made file with a WAV header before it.
func (b *promptBook) OpenPrompt(_ context.Context, id string) (io.ReadSeekCloser, time.Time, error) {
	e, err := b.find(id)
	if err != nil {
		return nil, time.Time{}, err
	}
	raw, err := os.ReadFile(b.files.Path(e))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read prompt %s: %w", id, err)
	}
	return soundFile{bytes.NewReader(append(wavHeader(len(raw)), raw...))}, time.Time{}, nil
}

// wavHeader is that of 8 kHz mono 16-bit PCM.
func wavHeader(size int) []byte {
	var h bytes.Buffer
	h.WriteString("RIFF")
	_ = binary.Write(&h, binary.LittleEndian, uint32(36+size))
	h.WriteString("WAVEfmt ")
	_ = binary.Write(&h, binary.LittleEndian, struct {
		Size            uint32
		Format, Channel uint16
		Rate, Bytes     uint32
		Align, Bits     uint16
	}{16, 1, 1, 8000, 16000, 2, 16})
	h.WriteString("data")
	_ = binary.Write(&h, binary.LittleEndian, uint32(size))
	return h.Bytes()
}

// ReplacePrompt implements web.PromptBook.
func (b *promptBook) ReplacePrompt(ctx context.Context, id string, wav []byte) error {
	e, err := b.find(id)
	if err != nil {
		return err
	}
	if err := b.manifest.SaveRecording(b.recorded, e.ID, e.Language, wav); err != nil {
		if errors.Is(err, prompts.ErrFormat) {
			return fmt.Errorf("%w: %w", web.ErrBadSound, err)
		}
		return err
	}
	return b.again(ctx)
}

// RestorePrompt implements web.PromptBook.
func (b *promptBook) RestorePrompt(ctx context.Context, id string) error {
	e, err := b.find(id)
	if err != nil {
		return err
	}
	for _, ending := range []string{".wav", ".sln"} {
		err := os.Remove(filepath.Join(b.recorded, e.Language, e.ID+ending))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the recorded prompt %s: %w", id, err)
		}
	}
	return b.again(ctx)
}

func (b *promptBook) again(ctx context.Context) error {
	if err := b.build(ctx, nil); err != nil {
		return err
	}
	return b.files.Reload()
}
