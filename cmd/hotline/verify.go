package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/recording"
	usecases "github.com/open12345/hotline/tickets/service"
)

// VerifyCmd recomputes every seal: tickets, their flow, the audit log, recordings.
type VerifyCmd struct {
	Sound   bool   `help:"Read every recording and compare its SHA-256 too."`
	Anchors string `help:"File of the hourly roots to compare with." type:"path" placeholder:"FILE" default:""`
}

// Run names everything that does not match and fails if there is anything.
func (c *VerifyCmd) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	bad := 0
	found := func(m usecases.Mismatch) {
		bad++
		step := ""
		if m.Step > 0 {
			step = fmt.Sprintf(" step %d", m.Step)
		}
		fmt.Printf("MISMATCH %s %s%s: %s\n", m.Kind, m.Object, step, m.Detail)
	}
	count, err := d.store.Verify(a.ctx, found)
	if err != nil {
		return err
	}
	anchors := c.Anchors
	if anchors == "" {
		anchors = filepath.Join(dataFolder(a.cfg), anchorFile)
	}
	roots, err := d.store.VerifyAnchors(a.ctx, anchors, found)
	if err != nil {
		return err
	}
	if c.Sound {
		if err := verifySound(a, d, found); err != nil {
			return err
		}
	}
	fmt.Printf("verified %d tickets, %d steps, %d audit entries, %d recordings, %d hourly roots: %d mismatches\n",
		count.Tickets, count.Steps, count.Audit, count.Recordings, roots, bad)
	if bad > 0 {
		return errReported
	}
	return nil
}

// anchorFile, below the data folder, holds the hourly roots.
const anchorFile = "anchors.jsonl"

// verifySound reads every recording from the store and compares its hash with the sealed one.
func verifySound(a *app, d *desk, found func(usecases.Mismatch)) error {
	address := a.cfg.Recording.Store
	if address == "" {
		address = "file://" + filepath.ToSlash(filepath.Join(dataFolder(a.cfg), "recordings"))
	}
	store, err := recording.OpenStore(a.ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // only read
	return d.store.EachRecording(a.ctx, func(r usecases.SealedRecording) error {
		err := store.Verify(a.ctx, calls.Recording{Key: r.Key, SHA256: r.SHA256, Size: r.Size})
		switch {
		case errors.Is(err, recording.ErrAltered):
			found(usecases.Mismatch{Kind: "recording", Object: r.Ref.ID, Detail: "sound was changed (call " + string(r.Ref.Call) + ")"})
		case err != nil:
			found(usecases.Mismatch{Kind: "recording", Object: r.Ref.ID, Detail: "cannot be read: " + err.Error()})
		}
		return a.ctx.Err()
	})
}
