package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cmd/hotline/config"
)

// runtimeFile, below the data folder, holds addresses and secrets of the private
// stack as NAME=value lines, so that `hotline token` and the like find what
// `hotline run` started.
const runtimeFile = "runtime.env"

// loadSettings reads file and environment, and below both what a private stack
// in the same data folder has written.
func loadSettings(file string, environ []string) (config.Config, error) {
	cfg, err := config.Load(file, environ)
	if err != nil {
		return config.Config{}, err
	}
	written, err := readRuntime(dataFolder(cfg))
	if err != nil || len(written) == 0 {
		return cfg, err
	}
	// What an operator set goes over it, in the file as well as in a variable.
	written = slices.DeleteFunc(written, func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		for _, key := range config.Keys() {
			if config.Variable(key) == name {
				return cfg.Source(key) != ""
			}
		}
		return true
	})
	return config.Load(file, append(written, environ...))
}

// dataFolder is where cfg's private stack lives: cfg.Data, or its stand-in when
// the account that runs the stack cannot reach that.
func dataFolder(cfg config.Config) string {
	stand := standIn(cfg.Path())
	if _, err := os.Stat(filepath.Join(stand, runtimeFile)); err == nil {
		return stand
	}
	return cfg.Path()
}

func readRuntime(dir string) ([]string, error) {
	f, err := os.Open(filepath.Join(dir, runtimeFile))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		// Nothing has run here yet, or not for us to know.
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the running stack's addresses: %w", err)
	}
	defer f.Close()
	var lines []string
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		if strings.Contains(scanner.Text(), "=") {
			lines = append(lines, scanner.Text())
		}
	}
	return lines, scanner.Err()
}

func writeRuntime(dir string, user *child.User, lines []string) error {
	path := filepath.Join(dir, runtimeFile)
	if err := os.WriteFile(path+".new", []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("writing the stack's addresses: %w", err)
	}
	if err := user.Own(path + ".new"); err != nil {
		return fmt.Errorf("writing the stack's addresses: %w", err)
	}
	return os.Rename(path+".new", path)
}
