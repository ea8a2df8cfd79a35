package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/tickets/directory"
)

func TestQueuesOfTheDeskBecomeTheEnginesRules(t *testing.T) {
	cfg, named, err := engineConfig([]directory.Queue{
		{
			ID: "general", Name: "综合", TargetS: 15, Strategy: directory.RoundRobin, Schedule: "day", MaxLength: 100, MaxWaitS: 600, CeilingS: 120,
			Skills: map[string]int{"general": 6}, Relax: []directory.Relax{{AfterS: 20, Skill: "general", Level: 3}, {AfterS: 60, Skill: "general"}},
			Overflow: []directory.Overflow{{AfterS: 90, To: "queue:enterprise"}, {Length: 50, To: "callback"}},
		},
		{ID: "enterprise", Name: "企业服务", TargetS: 15, Strategy: directory.LongestIdle},
		{ID: "old", Name: "停用", Disabled: true},
	})
	require.NoError(t, err)
	require.Len(t, cfg.Queues, 2, "a disabled queue is none")
	require.Len(t, named, 2)
	require.Equal(t, "day", named[0].Schedule)
	general := cfg.Queues[0]
	require.Equal(t, acd.RoundRobin, general.Choice)
	require.Equal(t, []acd.RelaxStep{
		{After: 20 * time.Second, Skill: "general", LowerTo: 3}, {After: time.Minute, Skill: "general", Drop: true},
	}, general.Relax)
	require.Equal(t, acd.Target{Kind: acd.ToQueue, Queue: "enterprise"}, general.Overflow[0].To)
	require.Equal(t, acd.ToVoicemail, general.WhenFull.Kind)
	_, err = acd.New(cfg)
	require.NoError(t, err, "the engine takes it")
}

func TestOverflowToNowhereNamesTheQueueAndTheRule(t *testing.T) {
	_, _, err := engineConfig([]directory.Queue{{ID: "general", Overflow: []directory.Overflow{{AfterS: 1, To: "moon"}}}})
	require.ErrorContains(t, err, "queue general: overflow[0].to")
}

func TestSeatNumbersAreToldByTheirPattern(t *testing.T) {
	seat := seatNumber("_8XXX")
	for number, want := range map[string]bool{"8001": true, "w8001": true, "80012": false, "13800138001": false, "": false} {
		require.Equal(t, want, seat(number), number)
	}
}
