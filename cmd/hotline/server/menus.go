package server

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/library"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/web"
)

// menuBook holds the running menus for the floor and shows them to the administrator.
type menuBook struct {
	*library.Library
	live func() []floor.CallView

	mu    sync.Mutex
	lines []directory.Line
}

var (
	_ floor.Menus  = (*menuBook)(nil)
	_ web.MenuBook = (*menuBook)(nil)
)

// openMenus reads the menu files; what they may name comes from the house as it is then.
func openMenus(cfg config.Config, sounds *promptBook, cal calendar.Calendar, house func() ([]directory.Queue, []directory.Skill)) (*menuBook, error) {
	environment := func() ivr.Environment {
		queues, skills := house()
		return ivr.Environment{
			Prompt:       sounds.manifest.Has,
			PromptLength: sounds.files.Length,
			Queue: func(name string) bool {
				return slices.ContainsFunc(queues, func(q directory.Queue) bool { return q.ID == name })
			},
			Skill: func(name string) bool {
				return slices.ContainsFunc(skills, func(s directory.Skill) bool { return s.ID == name })
			},
			Schedule: func(name string) bool { return slices.Contains(cal.Schedules(), name) },
		}
	}
	lib, err := library.Open(library.Options{
		Dir: cfg.IVR.Dir, Archive: cfg.Path("menus"), Direct: !cfg.IVR.Enabled, Environment: environment,
	})
	if err != nil {
		return nil, err
	}
	return &menuBook{Library: lib}, nil
}

// Menu implements floor.Menus.
func (b *menuBook) Menu(name string) (floor.Walker, error) {
	if name == "" {
		return nil, library.ErrNoMenu
	}
	m, err := b.Library.Menu(name)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// MenuVersion implements floor.Menus.
func (b *menuBook) MenuVersion(name, version string) (floor.Walker, error) {
	m, err := b.Library.MenuVersion(name, version)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (b *menuBook) setLines(lines []directory.Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = lines
}

// Menus implements web.MenuBook.
func (b *menuBook) Menus() []web.MenuInfo {
	refused := b.Refused()
	at := map[string]int{} // calls by node
	if b.live != nil {
		for _, c := range b.live() {
			if n := len(c.Path); n > 0 && c.Stage == "menu" {
				at[c.Path[n-1].Node]++
			}
		}
	}
	b.mu.Lock()
	lines := b.lines
	b.mu.Unlock()
	var list []web.MenuInfo
	for _, m := range b.Library.Menus() {
		g := m.Graph()
		info := web.MenuInfo{Name: m.Name(), File: m.Name() + ".yaml", Version: m.Version(), Lines: []string{}, Faults: []web.MenuFault{}, Live: []web.LiveNode{}}
		for _, l := range lines {
			if l.Menu == m.Name() {
				info.Lines = append(info.Lines, l.Called)
			}
		}
		for _, n := range g.Nodes {
			info.Nodes = append(info.Nodes, web.MenuNode{ID: n.ID, Kind: n.Type, Label: n.Title})
			if at[n.ID] > 0 {
				info.Live = append(info.Live, web.LiveNode{Node: n.ID, Calls: at[n.ID]})
			}
		}
		for _, e := range g.Edges {
			info.Edges = append(info.Edges, web.MenuEdge{From: e.From, To: e.To, Label: e.Label})
		}
		info.Faults = append(info.Faults, faultsOf(refused, info.File)...)
		list = append(list, info)
	}
	return list
}

func faultsOf(refused map[string]error, file string) []web.MenuFault {
	var list []web.MenuFault
	for path, err := range refused {
		if filepath.Base(path) != file {
			continue
		}
		var fault *library.FaultError
		if !errors.As(err, &fault) {
			list = append(list, web.MenuFault{File: file, Code: "unreadable", Message: err.Error()})
			continue
		}
		for _, f := range fault.Faults {
			list = append(list, web.MenuFault{File: file, Line: f.Line, Code: string(f.Code), Message: f.Message})
		}
	}
	return list
}

// Reload implements web.MenuBook. A refused file is no error here: its faults stand beside the
// menu that stays.
func (b *menuBook) Reload(context.Context) ([]web.MenuInfo, error) {
	if _, err := b.Library.Reload(); err != nil && !errors.Is(err, library.ErrFaulty) {
		return nil, err
	}
	return b.Menus(), nil
}
