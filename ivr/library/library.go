// Package library holds the menus in force. It reads the menu files of a folder, takes
// a changed file only when it is faultless, and keeps the versions that running calls
// began on.
//
// The package starts no goroutine: whoever owns it calls Reload, from a timer or when an
// operator asks. Reload looks at the files' times and sizes and reads what has changed.
package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/ivr"
)

// Errors of a library; test with errors.Is.
var (
	// ErrNoMenu means that no file holds the menu.
	ErrNoMenu = errors.New("there is no such menu")
	// ErrFaulty means that a file was refused; *FaultError says why.
	ErrFaulty = errors.New("the menu file is faulty")
)

// FaultError is the refusal of one file. The menu it held before stays in force.
type FaultError struct {
	File   string
	Faults []ivr.Fault
}

// Error lists the faults, one a line.
func (e *FaultError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return fmt.Sprintf("%s: %v:\n%s", e.File, ErrFaulty, strings.Join(lines, "\n"))
}

// Unwrap makes a FaultError an ErrFaulty.
func (e *FaultError) Unwrap() error { return ErrFaulty }

// keptVersions is how many former versions of each menu are kept in memory; the archive
// has them all.
const keptVersions = 8

// Options are the settings of a library.
type Options struct {
	// Dir is the folder of the menu files, *.yaml.
	Dir string
	// Archive is a folder that keeps every version once in force, so that a successor
	// server finds the one a call began on. Empty keeps them in memory only.
	Archive string
	// Direct is true where voice menus are switched off: a menu that names a direct
	// one is then served by that.
	Direct bool
	// Environment is asked for at each load, because queues and prompts change.
	Environment func() ivr.Environment
}

// Library holds the menus in force. It is safe for concurrent use.
type Library struct {
	options Options

	mu     sync.RWMutex
	files  map[string]*file
	former map[string][]*ivr.Menu // by name, oldest first
}

// file is what is known of one menu file.
type file struct {
	modified time.Time
	size     int64
	menu     *ivr.Menu // nil until a first faultless version
	refused  error     // why the newest text is not in force
}

// Open reads a folder. It fails when the folder can't be read or a file is faulty: a
// server must not start with less than it was given.
func Open(o Options) (*Library, error) {
	l := &Library{options: o, files: map[string]*file{}, former: map[string][]*ivr.Menu{}}
	_, err := l.Reload()
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Reload takes over what has changed in the folder and returns the names of the menus
// that did. A file that is faulty is refused, joined into the error as a *FaultError, and
// its former version stays; the others are taken. The menus of a file that is gone go.
func (l *Library) Reload() (changed []string, err error) {
	found, err := filepath.Glob(filepath.Join(l.options.Dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("folder of menus: %w", err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("folder of menus %s: %w", l.options.Dir, ErrNoMenu)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for path, f := range l.files {
		if !slices.Contains(found, path) {
			delete(l.files, path)
			if f.menu != nil {
				l.retire(f.menu)
				changed = append(changed, f.menu.Name())
			}
		}
	}
	var problems error
	for _, path := range found {
		name, loadErr := l.load(path)
		problems = errors.Join(problems, loadErr)
		if name != "" {
			changed = append(changed, name)
		}
	}
	return changed, problems
}

// load reads a file if it has changed. It returns the name of the menu that is new.
func (l *Library) load(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("menu file: %w", err)
	}
	f := l.files[path]
	if f != nil && f.modified.Equal(info.ModTime()) && f.size == info.Size() {
		return "", nil
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("menu file: %w", err)
	}
	if f == nil {
		f = &file{}
		l.files[path] = f
	}
	f.modified, f.size = info.ModTime(), info.Size()
	menu, err := l.parse(path, src)
	if err == nil {
		err = l.taken(path, menu)
	}
	if f.refused = err; err != nil {
		return "", err
	}
	if f.menu != nil && f.menu.Version() == menu.Version() {
		return "", nil
	}
	if err := l.archive(menu); err != nil {
		return "", err
	}
	if f.menu != nil {
		l.retire(f.menu)
	}
	f.menu = menu
	return menu.Name(), nil
}

func (l *Library) parse(path string, src []byte) (*ivr.Menu, error) {
	var env ivr.Environment
	if l.options.Environment != nil {
		env = l.options.Environment()
	}
	menu, faults := ivr.Parse(path, src, env)
	if len(faults) > 0 {
		return nil, &FaultError{File: path, Faults: faults}
	}
	return menu, nil
}

// taken refuses a second file for one menu.
func (l *Library) taken(path string, m *ivr.Menu) error {
	for other, f := range l.files {
		if other != path && f.menu != nil && f.menu.Name() == m.Name() {
			return &FaultError{File: path, Faults: []ivr.Fault{{
				File: path, Line: 1, Code: ivr.FaultDuplicate,
				Message: fmt.Sprintf("menu %q is already in %s", m.Name(), filepath.Base(other)),
			}}}
		}
	}
	return nil
}

// retire keeps a version for the calls that began on it.
func (l *Library) retire(m *ivr.Menu) {
	l.former[m.Name()] = append(l.former[m.Name()], m)
	if over := len(l.former[m.Name()]) - keptVersions; over > 0 {
		l.former[m.Name()] = slices.Delete(l.former[m.Name()], 0, over)
	}
}

func (l *Library) archive(m *ivr.Menu) error {
	if l.options.Archive == "" {
		return nil
	}
	if err := os.MkdirAll(l.options.Archive, 0o755); err != nil {
		return fmt.Errorf("archive of menus: %w", err)
	}
	if err := os.WriteFile(l.archived(m.Version()), m.Source(), 0o644); err != nil {
		return fmt.Errorf("archive of menus: %w", err)
	}
	return nil
}

func (l *Library) archived(version string) string {
	return filepath.Join(l.options.Archive, filepath.Base(version)+".yaml")
}

// Menu gives the version of a menu that is in force: for new calls.
func (l *Library) Menu(name string) (*ivr.Menu, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.serving(name)
}

// serving is the menu that serves for a name: the direct one where menus are off.
func (l *Library) serving(name string) (*ivr.Menu, error) {
	m, err := l.named(name)
	if err == nil && l.options.Direct && m.Direct() != "" {
		return l.named(m.Direct())
	}
	return m, err
}

func (l *Library) named(name string) (*ivr.Menu, error) {
	for _, f := range l.files {
		if f.menu != nil && f.menu.Name() == name {
			return f.menu, nil
		}
	}
	return nil, fmt.Errorf("menu %q: %w", name, ErrNoMenu)
}

// ForNumber gives the menu of a called number: the one whose file claims it, else the
// one named otherwise.
func (l *Library) ForNumber(called, otherwise string) (*ivr.Menu, error) {
	for _, m := range l.Menus() {
		if slices.Contains(m.Numbers(), called) {
			return l.Menu(m.Name())
		}
	}
	return l.Menu(otherwise)
}

// MenuVersion gives the version a call began on, or the one in force where that is gone.
func (l *Library) MenuVersion(name, version string) (*ivr.Menu, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	current, err := l.serving(name)
	if err == nil && current.Version() == version {
		return current, nil
	}
	names := []string{name}
	if m, err := l.named(name); err == nil {
		// The switch between menu and direct menu may have been turned since.
		names = append(names, m.Direct())
		if m.Version() == version {
			return m, nil
		}
	}
	for _, n := range names {
		for _, m := range l.former[n] {
			if m.Version() == version {
				return m, nil
			}
		}
	}
	if m := l.unarchive(version); m != nil && slices.Contains(names, m.Name()) {
		return m, nil
	}
	return current, err
}

// unarchive reads a version that was once in force; it was checked then, and what has
// gone since must not stop a running call.
func (l *Library) unarchive(version string) *ivr.Menu {
	if l.options.Archive == "" || version == "" {
		return nil
	}
	src, err := os.ReadFile(l.archived(version))
	if err != nil {
		return nil
	}
	m, faults := ivr.Parse(version, src, ivr.Environment{})
	if len(faults) > 0 || m.Version() != version {
		return nil
	}
	return m
}

// Menus are all menus in force, by name.
func (l *Library) Menus() []*ivr.Menu {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var out []*ivr.Menu
	for _, f := range l.files {
		if f.menu != nil {
			out = append(out, f.menu)
		}
	}
	slices.SortFunc(out, func(a, b *ivr.Menu) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

// Refused are the files whose newest text is not in force, each with the reason.
func (l *Library) Refused() map[string]error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := map[string]error{}
	for path, f := range l.files {
		if f.refused != nil {
			out[path] = f.refused
		}
	}
	return out
}

// Replace checks a new text for the menu file called name (without .yaml), writes it in
// one step and takes it over. A faulty text changes nothing: *FaultError.
func (l *Library) Replace(name string, src []byte) error {
	if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("menu file %q: %w", name, fs.ErrInvalid)
	}
	path := filepath.Join(l.options.Dir, name+".yaml")
	menu, err := l.parse(path, src)
	if err != nil {
		return err
	}
	l.mu.RLock()
	err = l.taken(path, menu)
	l.mu.RUnlock()
	if err != nil {
		return err
	}
	fresh := filepath.Join(l.options.Dir, "."+name+".new")
	if err := os.WriteFile(fresh, src, 0o644); err != nil {
		return fmt.Errorf("writing menu file: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("writing menu file: %w", err)
	}
	_, err = l.Reload()
	return err
}
