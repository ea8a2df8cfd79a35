package ivr

import (
	"fmt"
	"time"
)

// Code names the kind of a fault in a menu file.
type Code string

// The kinds of faults.
const (
	FaultSyntax          Code = "syntax"           // not YAML, or not the shape of a menu
	FaultUnknownField    Code = "unknown-field"    // a field the node does not have
	FaultMissingField    Code = "missing-field"    // a field the node can't do without
	FaultBadValue        Code = "bad-value"        // a value outside its range
	FaultUnknownType     Code = "unknown-type"     // no such type of node
	FaultDuplicate       Code = "duplicate"        // a name or field given twice
	FaultDuplicateKey    Code = "duplicate-key"    // two branches on one key
	FaultUnknownNode     Code = "unknown-node"     // a branch to a node that is not there
	FaultUnreachable     Code = "unreachable-node" // no branch leads to the node
	FaultEndlessLoop     Code = "endless-loop"     // a caller goes round and never meets a person
	FaultNoPerson        Code = "no-person"        // no way from here to a person
	FaultPersonNotFirst  Code = "person-not-first" // key 0 is not the first line said
	FaultFirstKeyLate    Code = "first-key-late"   // more than 20 s before the first key is offered
	FaultMissingPrompt   Code = "missing-prompt"   // a line that is not in the prompt manifest
	FaultUnknownQueue    Code = "unknown-queue"
	FaultUnknownSkill    Code = "unknown-skill"
	FaultUnknownSchedule Code = "unknown-schedule"
	FaultUnknownLookup   Code = "unknown-lookup"
	FaultUnknownLanguage Code = "unknown-language"
	FaultUnknownVariable Code = "unknown-variable" // a value nothing before it gives
)

// Fault is one thing wrong with a menu file.
type Fault struct {
	File    string
	Line    int
	Code    Code
	Message string
}

// String is the fault as compilers print theirs.
func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Code, f.Message)
}

// LookupSpec says what a lookup takes and answers.
type LookupSpec struct {
	Args  []string
	Codes []string
}

// Lookups are the lookups every hotline has; the package comment describes them.
func Lookups() map[string]LookupSpec {
	return map[string]LookupSpec{
		"progress_by_caller": {
			Args:  []string{"caller"},
			Codes: []string{ResultFound, ResultNone, ResultLimited, ResultError},
		},
		"progress_by_number": {
			Args:  []string{"number", "code"},
			Codes: []string{ResultFound, ResultWrong, ResultLimited, ResultError},
		},
		"guides": {Codes: []string{ResultFound, ResultNone, ResultError}},
	}
}

// Environment is what exists outside a menu file. A nil function leaves names of its
// kind unchecked.
type Environment struct {
	// Prompt says whether a line exists in a language, by itself or by the
	// language's fallback.
	Prompt func(id, language string) bool
	// PromptLength says how long a line lasts, where that is known.
	PromptLength func(id, language string) (time.Duration, bool)
	Queue        func(name string) bool
	Skill        func(name string) bool
	Schedule     func(name string) bool
	// Lookups are the lookups that exist; nil means Lookups().
	Lookups map[string]LookupSpec
}
