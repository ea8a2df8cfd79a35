// Package aims holds benchmarks to their aims: it reads configs/aims.yaml, prints one RESULT line
// per figure and tells in the end which aims were missed.
package aims

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrMissed is the kind of the error that names missed aims.
var ErrMissed = errors.New("aims missed")

// Aim is what a figure should be.
type Aim struct {
	Op    string  `yaml:"op"` // <, <=, >, >=
	Value float64 `yaml:"value"`
	Unit  string  `yaml:"unit"`
}

func (a Aim) met(value float64) (bool, error) {
	switch a.Op {
	case "<":
		return value < a.Value, nil
	case "<=":
		return value <= a.Value, nil
	case ">":
		return value > a.Value, nil
	case ">=":
		return value >= a.Value, nil
	default:
		return false, fmt.Errorf("unknown op %q", a.Op)
	}
}

// Sheet is a set of aims and what came of them. It is not safe for concurrent use.
type Sheet struct {
	aims   map[string]Aim
	out    io.Writer
	missed []string
}

// Load reads the aims from a YAML file of name: {op, value, unit}; results go to out.
func Load(path string, out io.Writer) (*Sheet, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the aims: %w", err)
	}
	s := &Sheet{out: out}
	if err := yaml.Unmarshal(text, &s.aims); err != nil {
		return nil, fmt.Errorf("read the aims in %s: %w", path, err)
	}
	for name, aim := range s.aims {
		if _, err := aim.met(0); err != nil {
			return nil, fmt.Errorf("read the aims in %s: %s: %w", path, name, err)
		}
	}
	return s, nil
}

// Result prints `RESULT <name> <value> <unit> aim <op> <value>` and remembers whether the aim was
// met. A figure without an aim in the file is an error: every figure is held to something.
func (s *Sheet) Result(name string, value float64) error {
	aim, ok := s.aims[name]
	if !ok {
		return fmt.Errorf("result %s: no such aim", name)
	}
	met, err := aim.met(value)
	if err != nil {
		return fmt.Errorf("result %s: %w", name, err)
	}
	if !met {
		s.missed = append(s.missed, name)
	}
	_, err = fmt.Fprintf(s.out, "RESULT %s %s %s aim %s %s\n", name, number(value), aim.Unit, aim.Op, number(aim.Value))
	return err
}

func number(v float64) string {
	if v >= 1000 || v == float64(int64(v)) {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// Err is nil if every aim was met, else names the missed ones.
func (s *Sheet) Err() error {
	if len(s.missed) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrMissed, strings.Join(s.missed, ", "))
}
