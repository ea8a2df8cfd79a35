package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	koanfyaml "github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"
)

const (
	// DefaultFile is read when no other file is named; it may be missing.
	DefaultFile = "configs/hotline.yaml"
	prefix      = "HOTLINE_"
)

// Variables with our prefix that are no keys: they steer set-up and tests.
var otherVariables = []string{"HOTLINE_CONFIG", "HOTLINE_CACHE", "HOTLINE_SPEECH_DIR"}

const testPrefix = "HOTLINE_TEST_"

// FieldError is one faulty setting.
type FieldError struct {
	// Key is the dotted name, as in sip.listen; it may be unknown.
	Key string
	// Source is file:line or the variable's name; empty if the default is at fault.
	Source string
	// Problem says what is wrong and, where possible, what would be right.
	Problem string
}

// Error names source, key and problem.
func (e *FieldError) Error() string {
	if e.Source == "" {
		return fmt.Sprintf("%s: %s", e.Key, e.Problem)
	}
	return fmt.Sprintf("%s: %s: %s", e.Source, e.Key, e.Problem)
}

// Load reads the file at path (empty: HOTLINE_CONFIG, else DefaultFile, which may be
// missing) and the HOTLINE_ variables of environ (as of os.Environ) over it.
// The error joins one *FieldError for each faulty setting.
func Load(path string, environ []string) (Config, error) {
	mayMiss := false
	if path == "" {
		path = lookup(environ, "HOTLINE_CONFIG")
	}
	if path == "" {
		path, mayMiss = DefaultFile, true
	}
	l := loader{fields: fields(), sources: map[string]string{}, k: koanf.New(".")}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && mayMiss:
	case err != nil:
		return Config{}, fmt.Errorf("reading configuration: %w", err)
	default:
		l.readFile(path, data)
	}
	l.readEnvironment(environ)
	if err := errors.Join(l.problems...); err != nil {
		return Config{}, err
	}
	c := Default()
	if err := l.k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{
		DecoderConfig: &mapstructure.DecoderConfig{
			Result:     &c,
			TagName:    "koanf",
			DecodeHook: mapstructure.StringToTimeDurationHookFunc(),
			// A list in file or environment replaces the default, not part of it.
			ZeroFields: true,
		},
	}); err != nil {
		return Config{}, fmt.Errorf("reading configuration: %w", err)
	}
	c.sources = l.sources
	if data != nil {
		c.file = path
	}
	c.applyPublic()
	if err := c.validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// Variable returns the environment variable that sets key.
func Variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// Source says where key was set: file:line, a variable, or empty for a default.
func (c Config) Source(key string) string { return c.sources[key] }

// File is the settings file that was read, empty if none was there.
func (c Config) File() string { return c.file }

// Path returns name below the data folder, absolute.
func (c Config) Path(name ...string) string {
	p := filepath.Join(append([]string{c.Data}, name...)...)
	if abs, err := filepath.Abs(p); err == nil {
		return abs
	}
	return p
}

// Location returns the time zone; Load has checked that it exists.
func (c Config) Location() *time.Location {
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC
	}
	return loc
}

type loader struct {
	fields   map[string]reflect.Type
	sources  map[string]string
	problems []error
	k        *koanf.Koanf
}

func (l *loader) fail(key, source, format string, args ...any) {
	l.problems = append(l.problems, &FieldError{Key: key, Source: source, Problem: fmt.Sprintf(format, args...)})
}

// readFile checks every key and value of the YAML itself, because only there
// are the lines known, then hands the values to koanf.
func (l *loader) readFile(name string, data []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		l.fail("(file)", name, "%v", err)
		return
	}
	if len(doc.Content) == 0 {
		return
	}
	l.walk(name, "", doc.Content[0])
	if len(l.problems) > 0 {
		return
	}
	if err := l.k.Load(file.Provider(name), koanfyaml.Parser()); err != nil {
		l.fail("(file)", name, "%v", err)
	}
}

func (l *loader) walk(file, path string, node *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		l.fail(strings.TrimSuffix(path, "."), at(file, node), "must be a group of keys")
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		key := path + name.Value
		typ, known := l.fields[key]
		switch {
		case known:
			v := reflect.New(typ)
			if err := value.Decode(v.Interface()); err != nil || value.Tag == "!!null" {
				l.fail(key, at(file, value), "%q is not %s", value.Value, describe(typ))
				continue
			}
			l.sources[key] = at(file, name)
		case l.isGroup(key):
			if value.Tag == "!!null" {
				continue
			}
			l.walk(file, key+".", value)
		default:
			l.fail(key, at(file, name), "unknown key%s", l.suggest(key))
		}
	}
}

func (l *loader) readEnvironment(environ []string) {
	names := map[string]string{}
	for key := range l.fields {
		names[Variable(key)] = key
	}
	provider := env.Provider(".", env.Opt{
		Prefix:      prefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key, known := names[name]
			if !known {
				if !slices.Contains(otherVariables, name) && !strings.HasPrefix(name, testPrefix) {
					l.fail(strings.ToLower(strings.TrimPrefix(name, prefix)), name, "unknown variable%s",
						l.suggest(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, prefix)), "_", ".")))
				}
				return "", nil
			}
			parsed, err := parse(l.fields[key], value)
			if err != nil {
				l.fail(key, name, "%q is not %s", value, describe(l.fields[key]))
				return "", nil
			}
			l.sources[key] = name
			return key, parsed
		},
	})
	if err := l.k.Load(provider, nil); err != nil {
		l.fail("(environment)", "", "%v", err)
	}
}

func (l *loader) isGroup(key string) bool {
	for k := range l.fields {
		if strings.HasPrefix(k, key+".") {
			return true
		}
	}
	return false
}

// suggest offers the known key that differs least, if one is close.
func (l *loader) suggest(key string) string {
	best, distance := "", 4
	for k := range l.fields {
		if d := editDistance(k, key); d < distance || (d == distance && best != "" && k < best) {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

func at(file string, node *yaml.Node) string { return file + ":" + strconv.Itoa(node.Line) }

func lookup(environ []string, name string) string {
	for _, e := range environ {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

var durationType = reflect.TypeFor[time.Duration]()

func parse(typ reflect.Type, value string) (any, error) {
	switch {
	case typ == durationType:
		return time.ParseDuration(value)
	case typ.Kind() == reflect.Bool:
		return strconv.ParseBool(value)
	case typ.Kind() == reflect.Int:
		return strconv.Atoi(value)
	case typ.Kind() == reflect.Slice:
		list := []string{}
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				list = append(list, item)
			}
		}
		return list, nil
	default:
		return value, nil
	}
}

func describe(typ reflect.Type) string {
	switch {
	case typ == durationType:
		return "a duration such as 15s or 2m"
	case typ.Kind() == reflect.Bool:
		return "true or false"
	case typ.Kind() == reflect.Int:
		return "a whole number"
	case typ.Kind() == reflect.Slice:
		return "a list of words"
	default:
		return "a text"
	}
}

// fields lists the leaves of Config by dotted key.
func fields() map[string]reflect.Type {
	found := map[string]reflect.Type{}
	var walk func(prefix string, t reflect.Type)
	walk = func(prefix string, t reflect.Type) {
		for f := range fieldsOf(t) {
			key := prefix + f.Tag.Get("koanf")
			if f.Type.Kind() == reflect.Struct {
				walk(key+".", f.Type)
				continue
			}
			found[key] = f.Type
		}
	}
	walk("", reflect.TypeFor[Config]())
	return found
}

func fieldsOf(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("koanf") != "" && !yield(f) {
				return
			}
		}
	}
}

// editDistance counts the single-letter changes between two short words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// Keys lists every key, sorted.
func Keys() []string {
	return slices.Sorted(maps.Keys(fields()))
}
