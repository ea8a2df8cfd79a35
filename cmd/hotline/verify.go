package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// stores
	_ "gocloud.dev/blob/s3blob"   // s3:// stores

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
	url := a.cfg.Recording.Store
	if url == "" {
		url = "file://" + filepath.ToSlash(filepath.Join(dataFolder(a.cfg), "recordings"))
	}
	bucket, err := blob.OpenBucket(a.ctx, url)
	if err != nil {
		return fmt.Errorf("open the recordings' store: %w", err)
	}
	defer bucket.Close()
	return d.store.EachRecording(a.ctx, func(r usecases.SealedRecording) error {
		sum, err := hashBlob(a.ctx, bucket, r.Key)
		switch {
		case err != nil:
			found(usecases.Mismatch{Kind: "recording", Object: r.Ref.ID, Detail: "cannot be read: " + err.Error()})
		case sum != r.SHA256:
			found(usecases.Mismatch{Kind: "recording", Object: r.Ref.ID, Detail: "sound was changed (call " + string(r.Ref.Call) + ")"})
		}
		return a.ctx.Err()
	})
}

func hashBlob(ctx context.Context, bucket *blob.Bucket, key string) (string, error) {
	r, err := bucket.NewReader(ctx, key, nil)
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
