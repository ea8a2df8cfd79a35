package main

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/open12345/hotline/asterisk/child"
)

// home is where a private stack lives and from where its server is started.
type home struct {
	dir    string      // data folder, absolute
	work   string      // working folder of the server: relative settings start here
	binary string      // this program, where the user can run it
	user   *child.User // nil: ourselves
	lock   *os.File
}

// standIn is the data folder in place of one that the stack's user can't reach.
func standIn(dir string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(dir))
	return filepath.Join("/var/tmp", fmt.Sprintf("hotline-%08x", h.Sum32()))
}

// openHome makes the data folder dir and locks it. When the stack's user can't
// reach it or the checkout, data and copies of program and settings live in
// standIn(dir).
func openHome(dir string, user *child.User) (*home, error) {
	work, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("working folder: %w", err)
	}
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	h := &home{dir: dir, work: work, binary: binary, user: user}
	if err := h.user.MakeDirs(h.dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if !reachable(user, h.dir, work, binary) {
		if err := h.moveOut(); err != nil {
			return nil, fmt.Errorf("data folder %s in place of %s, which user %s can't reach: %w", standIn(dir), dir, user.Name, err)
		}
	}
	return h, h.acquire()
}

// moveOut lays the stack out where its user can reach it.
func (h *home) moveOut() error {
	h.dir = standIn(h.dir)
	if err := h.user.MakeDirs(h.dir); err != nil {
		return err
	}
	program := filepath.Join(h.dir, "bin", filepath.Base(h.binary))
	if err := copyFile(h.user, h.binary, program); err != nil {
		return err
	}
	// A program that lies beside this one comes along (simulated phones).
	if beside := filepath.Join(filepath.Dir(h.binary), "callsim"); fileExists(beside) {
		if err := copyFile(h.user, beside, filepath.Join(h.dir, "bin", "callsim")); err != nil {
			return err
		}
	}
	h.binary = program
	from := filepath.Join(h.work, "configs")
	h.work = h.dir
	if !fileExists(from) {
		return nil
	}
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rest, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return copyFile(h.user, path, filepath.Join(h.dir, "configs", rest))
	})
}

// acquire makes sure that one stack at a time uses the folder.
func (h *home) acquire() error {
	f, err := os.OpenFile(filepath.Join(h.dir, "run.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("locking the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("a hotline already runs on %s: stop it first, or give this one another folder with HOTLINE_DATA", h.dir)
		}
		return fmt.Errorf("locking the data folder: %w", err)
	}
	h.lock = f
	return nil
}

func (h *home) close() {
	if h.lock != nil {
		h.lock.Close()
	}
}

func (h *home) path(name ...string) string {
	return filepath.Join(append([]string{h.dir}, name...)...)
}

// reachable asks, as the user, whether each path can be entered and read.
func reachable(user *child.User, paths ...string) bool {
	if user == nil {
		return true
	}
	for _, path := range paths {
		p, err := child.Start(child.Spec{Args: []string{"/bin/sh", "-c", `test -r "$1" && test -x "$1"`, "sh", path}, Dir: "/", User: user})
		if err != nil {
			return false
		}
		<-p.Done()
		if p.Err() != nil {
			return false
		}
	}
	return true
}

func copyFile(user *child.User, from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := user.MakeDirs(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.WriteFile(to+".new", data, info.Mode().Perm()|0o400); err != nil {
		return err
	}
	if err := user.Own(to + ".new"); err != nil {
		return err
	}
	return os.Rename(to+".new", to)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
