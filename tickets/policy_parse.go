package tickets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// PolicyFault is one thing that is wrong with a policy file.
type PolicyFault struct {
	Line int    `json:"line"` // from 1; 0: the file as a whole
	Key  string `json:"key"`  // such as limits[2].handle
	Text string `json:"text"` // in Chinese, for who writes the policy
}

func (f PolicyFault) Error() string {
	return strings.TrimSpace(fmt.Sprintf("第 %d 行 %s：%s", f.Line, f.Key, f.Text))
}

// PolicyFaults is every fault of a policy file, in the order of lines; ParsePolicy's error.
type PolicyFaults []PolicyFault

func (f PolicyFaults) Error() string {
	texts := make([]string, len(f))
	for i, fault := range f {
		texts[i] = fault.Error()
	}
	return strings.Join(texts, "\n")
}

// ParsePolicy reads a policy file and checks it; the error is PolicyFaults with every fault and
// its line. schedules are the opening hours that the calendar knows; without any they are not
// checked.
func ParsePolicy(content []byte, schedules ...string) (*Policy, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, faultsOf(err)
	}
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, PolicyFaults{{Line: 1, Text: "应为“键: 值”组成的策略文件"}}
	}
	b := policyBook{top: root.Content[0]}
	b.unknownKeys(b.top, reflect.TypeFor[Policy](), "")
	var p Policy
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&p); err != nil {
		return nil, b.sorted(faultsOf(err)...)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		b.fault("", "文件中只能有一份策略")
	}
	b.check(&p)
	b.schedule("office", p.Office, schedules)
	b.schedule("follow_up.hours", p.FollowUp.Hours, schedules)
	if len(b.faults) > 0 {
		return nil, b.sorted()
	}
	return &p, nil
}

// policyBook is a policy file being checked.
type policyBook struct {
	top    *yaml.Node
	faults PolicyFaults
}

func (b *policyBook) sorted(more ...PolicyFault) PolicyFaults {
	faults := slices.Concat(b.faults, more)
	slices.SortStableFunc(faults, func(a, c PolicyFault) int { return a.Line - c.Line })
	return faults
}

// fault notes a fault of the key; its line is that of the key, or of the nearest one above that
// is in the file.
func (b *policyBook) fault(key, format string, args ...any) {
	b.faults = append(b.faults, PolicyFault{Line: b.line(key), Key: key, Text: fmt.Sprintf(format, args...)})
}

var keyPart = regexp.MustCompile(`[^.\[\]]+`)

func (b *policyBook) line(key string) int {
	node, line := b.top, b.top.Line
	for _, part := range keyPart.FindAllString(key, -1) {
		next, at := child(node, part)
		if next == nil {
			return line
		}
		node, line = next, at
	}
	return line
}

// child finds a key of a mapping or an element of a list, with its line.
func child(node *yaml.Node, part string) (*yaml.Node, int) {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == part {
				return node.Content[i+1], node.Content[i].Line
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(part); err == nil && i < len(node.Content) {
			return node.Content[i], node.Content[i].Line
		}
	}
	return nil, 0
}

// unknownKeys notes keys that the type has no field for.
func (b *policyBook) unknownKeys(node *yaml.Node, t reflect.Type, prefix string) {
	switch {
	case node.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for i, item := range node.Content {
			b.unknownKeys(item, t.Elem(), fmt.Sprintf("%s[%d]", prefix, i))
		}
	case node.Kind == yaml.MappingNode && t.Kind() == reflect.Struct && t != reflect.TypeFor[Span]():
		fields := map[string]reflect.Type{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			fields[name] = t.Field(i).Type
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			name := node.Content[i].Value
			key := strings.TrimPrefix(prefix+"."+name, ".")
			field, ok := fields[name]
			if !ok {
				b.faults = append(b.faults, PolicyFault{Line: node.Content[i].Line, Key: key, Text: "没有这个设置项"})
				continue
			}
			b.unknownKeys(node.Content[i+1], field, key)
		}
	}
}

var (
	yamlLine  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	wrongType = regexp.MustCompile("^cannot unmarshal \\S+ ?`?(.*?)`? into (\\S+)$")
)

// faultsOf says in Chinese what the YAML reader found wrong.
func faultsOf(err error) PolicyFaults {
	texts := []string{err.Error()}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		texts = wrong.Errors
	}
	var faults PolicyFaults
	for _, text := range texts {
		f := PolicyFault{Line: 1, Text: text}
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			f.Line, _ = strconv.Atoi(m[1])
			f.Text = m[2]
		}
		if m := wrongType.FindStringSubmatch(f.Text); m != nil {
			f.Text = fmt.Sprintf("“%s”不是%s", m[1], kindName(m[2]))
		} else if wrong == nil {
			f.Text = "YAML 语法错误：" + f.Text
		}
		faults = append(faults, f)
	}
	return faults
}

func kindName(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"):
		return "整数"
	case strings.HasPrefix(goType, "float"):
		return "数"
	case goType == "bool":
		return " true 或 false"
	case strings.HasPrefix(goType, "[]"):
		return "列表"
	}
	return "这里要的值"
}
