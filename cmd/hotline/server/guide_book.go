package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/prompts"
	"github.com/open12345/hotline/tickets/service"
)

// guideBook has the published guides spoken and tells the floor which can be heard. A guide's
// sounds are made once; a text that is changed is another text.
type guideBook struct {
	desk   guideDesk
	engine prompts.Engine
	dir    string
	lines  floor.Sounds // of everything else
	log    *slog.Logger

	making sync.Mutex
	wanted []floor.Guide        // by the desk, at the last look
	old    map[string]time.Time // files that no guide uses, since when
	made   atomic.Pointer[madeGuides]
}

// guideDesk is what a guideBook needs of the desk.
type guideDesk interface {
	GuidesForPhone(ctx context.Context) ([]service.Guide, error)
}

type madeGuides struct {
	list   []floor.Guide
	sounds *prompts.Sounds
}

var (
	_ floor.Guides = (*guideBook)(nil)
	_ floor.Sounds = (*guideBook)(nil)
)

const (
	guidePrefix   = "spoken." // of a prompt whose text is a guide's
	guideLook     = 15 * time.Second
	guidePatience = 10 * time.Minute // to speak all of them for the first time
	guideMost     = 40               // what nobody listens through
	guideKeep     = time.Hour        // a sound may be playing when its guide is withdrawn
)

func newGuideBook(desk guideDesk, engine prompts.Engine, dir string, lines floor.Sounds, log *slog.Logger) *guideBook {
	b := &guideBook{desk: desk, engine: engine, dir: dir, lines: lines, log: log}
	b.made.Store(&madeGuides{})
	return b
}

// Guides implements floor.Guides.
func (b *guideBook) Guides() []floor.Guide { return b.made.Load().list }

// Sounds implements floor.Sounds: those of guides, and of all other lines.
func (b *guideBook) Sounds(p ivr.Prompt) ([]string, error) {
	if !strings.HasPrefix(p.ID, guidePrefix) {
		return b.lines.Sounds(p)
	}
	made := b.made.Load()
	if made.sounds == nil {
		return nil, fmt.Errorf("%w: %q", prompts.ErrNoSound, p.ID)
	}
	p.Language = guideLanguage
	return made.sounds.Sounds(p)
}

// guideLanguage is what guides are written in.
const guideLanguage = "zh"

// run keeps the sounds those of the guides until ctx ends.
func (b *guideBook) run(ctx context.Context) {
	look := time.NewTicker(guideLook)
	defer look.Stop()
	for {
		if err := b.refresh(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("read the guides for the telephone", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// refresh makes what is missing and then offers what the desk says.
func (b *guideBook) refresh(ctx context.Context) error {
	b.making.Lock()
	defer b.making.Unlock()
	ctx, cancel := context.WithTimeout(ctx, guidePatience)
	defer cancel()
	found, err := b.desk.GuidesForPhone(ctx)
	if err != nil {
		return err
	}
	manifest, list := manifestOf(found)
	if slices.Equal(list, b.wanted) {
		b.clear()
		return nil
	}
	made := &madeGuides{list: list}
	if made.sounds, err = b.speak(ctx, manifest); err != nil {
		return err
	}
	made.list = audible(list, made.sounds)
	b.made.Store(made)
	b.wanted = list
	b.log.Info("guides can be heard on the telephone", "guides", len(made.list), "of", len(found))
	return nil
}

// manifestOf names the texts of the guides as lines; a guide without words is left out.
func manifestOf(found []service.Guide) (*prompts.Manifest, []floor.Guide) {
	m := &prompts.Manifest{Lines: map[string]prompts.Line{}}
	list := []floor.Guide{}
	add := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		id := guidePrefix + hex.EncodeToString(sum[:10])
		m.Lines[id] = prompts.Line{Kind: "guide", Texts: map[string]prompts.Text{guideLanguage: {Text: text}}}
		return id
	}
	for _, g := range found {
		title, text := strings.TrimSpace(g.Title), strings.TrimSpace(g.Text)
		if title != "" && text != "" && len(list) < guideMost {
			list = append(list, floor.Guide{Title: add(title), Text: add(text)})
		}
	}
	return m, list
}

// speak has the lines spoken; one that can't be is left out, and said in the log.
func (b *guideBook) speak(ctx context.Context, m *prompts.Manifest) (*prompts.Sounds, error) {
	index, err := prompts.Build(ctx, m, b.engine, b.dir, prompts.Options{Workers: 1})
	if err != nil {
		if ctx.Err() != nil || len(index.Entries) == 0 {
			return nil, err
		}
		b.log.Warn("guides that can't be spoken are left out", "err", err)
		whole := &prompts.Manifest{Lines: map[string]prompts.Line{}}
		for _, e := range index.Entries {
			whole.Lines[e.ID] = m.Lines[e.ID]
		}
		if _, err = prompts.Build(ctx, whole, b.engine, b.dir, prompts.Options{Workers: 1}); err != nil {
			return nil, err
		}
	}
	return prompts.OpenSounds(b.dir)
}

func audible(list []floor.Guide, sounds *prompts.Sounds) []floor.Guide {
	out := []floor.Guide{}
	for _, g := range list {
		_, title := sounds.Entry(g.Title, guideLanguage)
		_, text := sounds.Entry(g.Text, guideLanguage)
		if title && text {
			out = append(out, g)
		}
	}
	return out
}

// clear removes the sounds that no guide has used for a while.
func (b *guideBook) clear() {
	made := b.made.Load()
	if made.sounds == nil {
		return
	}
	used := map[string]bool{}
	for _, e := range made.sounds.Entries() {
		used[filepath.Base(made.sounds.Path(e))] = true
	}
	files, err := os.ReadDir(b.dir)
	if err != nil {
		b.log.Warn("read the folder of guides' sounds", "err", err)
		return
	}
	old := map[string]time.Time{}
	for _, f := range files {
		name := f.Name()
		if used[name] || filepath.Ext(name) != ".sln" {
			continue
		}
		old[name] = time.Now()
		if since, known := b.old[name]; known {
			old[name] = since
		}
		if time.Since(old[name]) < guideKeep {
			continue
		}
		delete(old, name)
		if err := os.Remove(filepath.Join(b.dir, name)); err != nil {
			b.log.Warn("remove the sound of a former guide", "file", name, "err", err)
		}
	}
	b.old = old
}
