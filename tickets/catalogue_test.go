package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestTheCatalogueProposesTheMostSpecificEntry(t *testing.T) {
	c := tickets.NewCatalogue([]tickets.CatalogueEntry{
		{ID: 1, Class: "city", Lead: "csj", From: "2026-01-01"},
		{ID: 2, Class: "noise", Lead: "hbj", Assists: []string{"csj"}, From: "2026-01-01"},
		{ID: 3, Class: "noise", Area: "9901", Lead: "hpq", From: "2026-01-01"},
		{ID: 4, Class: "noise", Area: "990101", Lead: "hpq-jsl", From: "2026-01-01", To: "2026-06-30"},
		{ID: 5, Class: "city", Area: "990101", Lead: "hpq-jsl", From: "2026-01-01"},
	})
	noise, other := []string{"city", "noise"}, []string{"city", "trees"}
	town := []string{"99", "9901", "990101"}
	for _, tc := range []struct {
		why            string
		classes, areas []string
		day            string
		want           []string
	}{
		{"class everywhere", noise, nil, "2026-05-01", []string{"hbj", "csj"}},
		{"class in another area", noise, []string{"99", "9902"}, "2026-05-01", []string{"hbj", "csj"}},
		{"class in the district", noise, []string{"99", "9901", "990102"}, "2026-05-01", []string{"hpq"}},
		{"class in the town", noise, town, "2026-05-01", []string{"hpq-jsl"}},
		{"on the last day of an entry", noise, town, "2026-06-30", []string{"hpq-jsl"}},
		{"an entry that ended gives way to the wider one", noise, town, "2026-07-01", []string{"hpq"}},
		{"the class above, in the town", other, town, "2026-05-01", []string{"hpq-jsl"}},
		{"a nearer class wins over a nearer area", noise, town, "2026-07-01", []string{"hpq"}},
		{"before any entry began", noise, town, "2025-12-31", nil},
		{"an unknown class", []string{"school"}, town, "2026-05-01", nil},
		{"no class", nil, town, "2026-05-01", nil},
	} {
		day, err := time.Parse(time.DateOnly, tc.day)
		require.NoError(t, err)
		e, ok := c.Propose(tc.classes, tc.areas, day)
		require.Equal(t, tc.want != nil, ok, tc.why)
		if ok {
			require.Equal(t, tc.want, e.Units(), tc.why)
		}
	}
	_, ok := tickets.Catalogue{}.Propose(noise, town, time.Now())
	require.False(t, ok, "an empty catalogue")
}

func TestEntriesOverlapOnlyOnTheSameDays(t *testing.T) {
	first := tickets.CatalogueEntry{Class: "noise", Area: "9901", From: "2026-01-01", To: "2026-06-30"}
	for want, list := range map[bool][]tickets.CatalogueEntry{
		true:  {{Class: "noise", Area: "9901", From: "2026-06-30"}, {Class: "noise", Area: "9901", From: "2025-01-01"}, first},
		false: {{Class: "noise", Area: "9901", From: "2026-07-01"}, {Class: "noise", Area: "9902", From: "2026-01-01"}, {Class: "dust", Area: "9901", From: "2026-01-01"}},
	} {
		for _, e := range list {
			require.Equal(t, want, first.Overlaps(e), "%+v", e)
			require.Equal(t, want, e.Overlaps(first), "%+v", e)
		}
	}
}
