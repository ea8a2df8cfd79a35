package acd

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestConfigNamesTheFaultyQueueAndField(t *testing.T) {
	toQueue := func(id QueueID) Target { return Target{ToQueue, id} }
	for name, tc := range map[string]struct {
		queues []QueueConfig
		bands  []time.Duration
		queue  QueueID
		field  string
		fault  string
	}{
		"no id":                  {queues: []QueueConfig{{}}, field: "queues[0].id", fault: "is empty"},
		"id twice":               {queues: []QueueConfig{{ID: "a"}, {ID: "a"}}, queue: "a", field: "id", fault: "used twice"},
		"target too short":       {queues: []QueueConfig{{ID: "a", Target: time.Millisecond}}, queue: "a", field: "target", fault: "1ms"},
		"target too long":        {queues: []QueueConfig{{ID: "a", Target: 2 * time.Hour}}, queue: "a", field: "target", fault: "2h"},
		"choice":                 {queues: []QueueConfig{{ID: "a", Choice: "best"}}, queue: "a", field: "choice", fault: `"best"`},
		"ceiling":                {queues: []QueueConfig{{ID: "a", Ceiling: -1}}, queue: "a", field: "ceiling", fault: "negative"},
		"max length":             {queues: []QueueConfig{{ID: "a", MaxLength: -1}}, queue: "a", field: "max_length", fault: "negative"},
		"max wait":               {queues: []QueueConfig{{ID: "a", MaxWait: -1}}, queue: "a", field: "max_wait", fault: "negative"},
		"announce":               {queues: []QueueConfig{{ID: "a", Announce: Announce{Every: -1}}}, queue: "a", field: "announce", fault: "negative"},
		"relax at once":          {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{Drop: true}}}}, queue: "a", field: "relax[0].after", fault: "positive"},
		"relax out of order":     {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{After: 2, Drop: true}, {After: 1, Drop: true}}}}, queue: "a", field: "relax[1].after", fault: "later"},
		"relax too low":          {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{After: 1, LowerTo: 11}}}}, queue: "a", field: "relax[0].lower_to", fault: "11"},
		"relax nothing":          {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{After: 1}}}}, queue: "a", field: "relax[0]", fault: "one of"},
		"relax both":             {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{After: 1, Drop: true, LowerBy: 1}}}}, queue: "a", field: "relax[0]", fault: "one of"},
		"relax upwards":          {queues: []QueueConfig{{ID: "a", Relax: []RelaxStep{{After: 1, LowerBy: -1}}}}, queue: "a", field: "relax[0].lower_by", fault: "-1"},
		"overflow never":         {queues: []QueueConfig{{ID: "a", Overflow: []OverflowRule{{To: toQueue("a")}}}}, queue: "a", field: "overflow[0]", fault: "after or at_length"},
		"overflow negative":      {queues: []QueueConfig{{ID: "a", Overflow: []OverflowRule{{After: -1}}}}, queue: "a", field: "overflow[0]", fault: "negative"},
		"overflow to nobody":     {queues: []QueueConfig{{ID: "a", Overflow: []OverflowRule{{After: 1}}}}, queue: "a", field: "overflow[0].to", fault: "missing"},
		"overflow by time twice": {queues: []QueueConfig{{ID: "a", Overflow: []OverflowRule{{After: 1, To: Target{Kind: ToCallback}}, {After: 2, To: Target{Kind: ToCallback}}}}}, queue: "a", field: "overflow[1].after", fault: "one overflow by time"},
		"unknown queue":          {queues: []QueueConfig{{ID: "a", Overflow: []OverflowRule{{After: 1, To: toQueue("b")}}}}, queue: "a", field: "overflow[0].to", fault: `"b"`},
		"unknown target":         {queues: []QueueConfig{{ID: "a", WhenFull: Target{Kind: "moon"}}}, queue: "a", field: "when_full", fault: `"moon"`},
		"unknown at max wait":    {queues: []QueueConfig{{ID: "a", AtMaxWait: toQueue("x")}}, queue: "a", field: "at_max_wait", fault: `"x"`},
		"overflow to itself":     {queues: []QueueConfig{{ID: "a", WhenFull: toQueue("a")}}, queue: "a", field: "when_full", fault: "loop"},
		"overflow in a ring": {queues: []QueueConfig{
			{ID: "a", WhenFull: toQueue("b")}, {ID: "b", AtMaxWait: toQueue("c")}, {ID: "c", Overflow: []OverflowRule{{After: 1, To: toQueue("a")}}},
		}, queue: "c", field: "overflow[0].to", fault: `loop back to queue "a"`},
		"bands fall": {bands: []time.Duration{2, 1}, field: "bands[1]", fault: "rising"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Config{Queues: tc.queues, Bands: tc.bands})
			var fault *ConfigError
			require.ErrorAs(t, err, &fault)
			require.ErrorIs(t, err, ErrConfig)
			require.Equal(t, tc.queue, fault.Queue)
			require.Equal(t, tc.field, fault.Field)
			require.ErrorContains(t, err, tc.fault)
		})
	}
}

func TestTwoQueuesMayOverflowToOne(t *testing.T) {
	_, err := New(Config{Queues: []QueueConfig{
		{ID: "a", WhenFull: Target{ToQueue, "c"}}, {ID: "b", WhenFull: Target{ToQueue, "c"}}, {ID: "c"},
	}})
	require.NoError(t, err)
}

func TestTargetsAreText(t *testing.T) {
	for text, want := range map[string]Target{
		"": {}, "callback": {Kind: ToCallback}, "voicemail": {Kind: ToVoicemail}, "queue:b": {ToQueue, "b"},
	} {
		var got Target
		require.NoError(t, got.UnmarshalText([]byte(text)))
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, text := range []string{"queue", "queue:", "callback:b", "moon"} {
		require.Error(t, new(Target).UnmarshalText([]byte(text)), text)
	}
}

func TestConfigReadsFromYAMLAndJSON(t *testing.T) {
	want := QueueConfig{
		ID: "a", Target: 15 * time.Second, Choice: LongestIdle, Ceiling: 2 * time.Minute,
		Relax:    []RelaxStep{{After: 20 * time.Second, Skill: "en", Drop: true}},
		Overflow: []OverflowRule{{After: time.Minute, To: Target{Kind: ToCallback}}},
	}
	var cfg Config
	require.NoError(t, yaml.Unmarshal([]byte(`
queues:
  - id: a
    target: 15s
    choice: longest_idle
    ceiling: 2m
    relax: [{after: 20s, skill: en, drop: true}]
    overflow: [{after: 1m, to: callback}]
`), &cfg))
	require.Equal(t, want, cfg.Queues[0])

	text, err := json.Marshal(cfg)
	require.NoError(t, err)
	var again Config
	require.NoError(t, json.Unmarshal(text, &again))
	require.Equal(t, cfg, again)
}
