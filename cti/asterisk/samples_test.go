package asterisk

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.String("models", "", "folder of the switch's own model files (rest-api); the samples are made again from them")

const samplesFile = "testdata/events.jsonl"

type model struct {
	Properties map[string]struct {
		Type      string `json:"type"`
		Allowable struct {
			Values []string `json:"values"`
		} `json:"allowableValues"`
	} `json:"properties"`
	SubTypes []string `json:"subTypes"`
}

// readModels reads every model of the switch's description of itself.
func readModels(dir string) (map[string]model, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string]model{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var doc struct {
			Models map[string]model `json:"models"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			return nil, err
		}
		maps.Copy(all, doc.Models)
	}
	return all, nil
}

// sample makes a value of a type of the models with every property set.
func sample(models map[string]model, typ, name string) any {
	if inner, ok := strings.CutPrefix(typ, "List["); ok {
		return []any{sample(models, strings.TrimSuffix(inner, "]"), name)}
	}
	switch typ {
	case "string":
		switch name {
		case "digit":
			return "5"
		case "target_uri":
			return "channel:1700000000.1"
		case "resource":
			return "w8001"
		case "technology":
			return "PJSIP"
		}
		return name + "-值"
	case "int", "long":
		return 17
	case "double":
		return 0.25
	case "boolean":
		return true
	case "Date":
		return "2026-11-24T23:39:30.526+0000"
	case "object", "containers":
		return map[string]any{"A": "1"}
	}
	m := models[typ]
	v := map[string]any{}
	for p, d := range m.Properties {
		if len(d.Allowable.Values) > 0 {
			v[p] = d.Allowable.Values[0]
		} else {
			v[p] = sample(models, d.Type, p)
		}
	}
	return v
}

// eventTypes lists what the switch may say on the event socket.
func eventTypes(models map[string]model) []string {
	types := slices.Concat(models["Event"].SubTypes, models["Message"].SubTypes)
	types = slices.DeleteFunc(types, func(t string) bool { return t == "Event" || t == "RESTRequest" }) // a base, and what only we would send
	slices.Sort(types)
	return slices.Compact(types)
}

func makeSamples(t *testing.T, dir string) {
	models, err := readModels(dir)
	require.NoError(t, err)
	var out bytes.Buffer
	for _, typ := range eventTypes(models) {
		v := sample(models, typ, "").(map[string]any)
		v["type"], v["application"], v["timestamp"], v["asterisk_id"] = typ, "hotline", "2026-11-24T23:39:30.526+0000", "02:fc:00:00:00:01"
		b, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(append(b, '\n'))
	}
	require.NoError(t, os.WriteFile(samplesFile, out.Bytes(), 0o644))
}

func readSamples(t *testing.T) map[string][]byte {
	if *update != "" {
		makeSamples(t, *update)
	}
	b, err := os.ReadFile(samplesFile)
	require.NoError(t, err)
	samples := map[string][]byte{}
	for line := range bytes.Lines(b) {
		var h head
		require.NoError(t, json.Unmarshal(line, &h))
		samples[h.Type] = bytes.TrimSpace(line)
	}
	return samples
}
