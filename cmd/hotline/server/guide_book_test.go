package server

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/prompts"
	"github.com/open12345/hotline/tickets/service"
)

// murmur is an engine that counts what it says.
type murmur struct {
	mu   sync.Mutex
	said []string
}

func (*murmur) Speaks(language string) bool { return language == "zh" }
func (*murmur) Identity(string) string      { return "murmur" }

func (m *murmur) Synthesize(_ context.Context, u prompts.Utterance) (prompts.Sound, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if strings.Contains(u.Text, "哑") {
		return prompts.Sound{}, errors.New("no voice for this")
	}
	m.said = append(m.said, u.Text)
	loud := make([]int16, prompts.Rate)
	for i := range loud {
		loud[i] = int16(8000 * (i%20 - 10) / 10)
	}
	return prompts.Sound{Rate: prompts.Rate, Samples: loud}, nil
}

type guideShelf struct{ list []service.Guide }

func (g *guideShelf) GuidesForPhone(context.Context) ([]service.Guide, error) { return g.list, nil }

type otherLines struct{}

func (otherLines) Sounds(p ivr.Prompt) ([]string, error) { return []string{"sound:" + p.ID}, nil }

func newTestGuides(t *testing.T) (*guideBook, *guideShelf, *murmur) {
	shelf, engine := &guideShelf{}, &murmur{}
	return newGuideBook(shelf, engine, filepath.Join(t.TempDir(), "guides"), otherLines{}, slog.New(slog.DiscardHandler)), shelf, engine
}

func TestGuidesAreSpokenWhenTheyArePublishedAndOnlyOnce(t *testing.T) {
	b, shelf, engine := newTestGuides(t)
	require.Empty(t, b.Guides())
	shelf.list = []service.Guide{{Title: "社保卡", Text: "带身份证。"}, {Title: "没有话", Text: " "}, {Title: "居住证", Text: "住满半年。"}}
	require.NoError(t, b.refresh(t.Context()))
	require.Len(t, b.Guides(), 2, "one without words is not offered")
	require.ElementsMatch(t, []string{"社保卡", "带身份证。", "居住证", "住满半年。"}, engine.said)

	for _, id := range []string{b.Guides()[0].Title, b.Guides()[0].Text} {
		sounds, err := b.Sounds(ivr.Line(id).In("en"))
		require.NoError(t, err)
		require.Len(t, sounds, 1)
		require.FileExists(t, strings.TrimPrefix(sounds[0], "sound:")+".sln")
	}
	other, err := b.Sounds(ivr.Line("welcome"))
	require.NoError(t, err)
	require.Equal(t, []string{"sound:welcome"}, other)

	shelf.list[0].Text = "带身份证和照片。"
	require.NoError(t, b.refresh(t.Context()))
	require.Equal(t, "带身份证和照片。", engine.said[4], "a changed text is spoken anew")
	require.Len(t, engine.said, 5, "nothing else is")
}

func TestAGuideThatCannotBeSpokenIsLeftOutAndTheOthersAreHeard(t *testing.T) {
	b, shelf, _ := newTestGuides(t)
	shelf.list = []service.Guide{{Title: "哑", Text: "无声。"}, {Title: "居住证", Text: "住满半年。"}}
	require.NoError(t, b.refresh(t.Context()))
	require.Len(t, b.Guides(), 1)
	_, err := b.Sounds(ivr.Line(guidePrefix + "unknown"))
	require.ErrorIs(t, err, prompts.ErrNoSound)
}

func TestTheSoundsOfWithdrawnGuidesAreRemovedWhenNobodyCanHearThemAnyMore(t *testing.T) {
	b, shelf, _ := newTestGuides(t)
	shelf.list = []service.Guide{{Title: "社保卡", Text: "带身份证。"}}
	require.NoError(t, b.refresh(t.Context()))
	files := func() (n int) {
		list, err := filepath.Glob(filepath.Join(b.dir, "*.sln"))
		require.NoError(t, err)
		return len(list)
	}
	require.Equal(t, 2, files())
	shelf.list = []service.Guide{{Title: "居住证", Text: "住满半年。"}}
	require.NoError(t, b.refresh(t.Context()))
	require.NoError(t, b.refresh(t.Context()))
	require.Equal(t, 4, files(), "somebody may be listening")
	for name := range b.old {
		b.old[name] = time.Now().Add(-2 * guideKeep)
	}
	require.NoError(t, b.refresh(t.Context()))
	require.Equal(t, 2, files())
	_, err := os.Stat(filepath.Join(b.dir, "index.json"))
	require.NoError(t, err)
}
