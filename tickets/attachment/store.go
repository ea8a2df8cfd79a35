package attachment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// stores
	_ "gocloud.dev/blob/s3blob"   // s3:// stores
	"gocloud.dev/gcerrors"
)

// Errors of the store; test with errors.Is.
var (
	// ErrNotFound is a key under which nothing is stored.
	ErrNotFound = errors.New("there is no such file in the store")
	// ErrTooLarge is a file with more bytes than allowed; nothing of it is kept.
	ErrTooLarge = errors.New("the file is too large")
	// ErrEmpty is a file without a byte.
	ErrEmpty = errors.New("the file is empty")
)

// Stored is what a file turned out to be while it was read.
type Stored struct {
	Size   int64
	SHA256 string // hexadecimal
	Type   string // media type, by content
}

// Store keeps files by key. Safe for concurrent use.
type Store struct{ bucket *blob.Bucket }

// Open opens file:///folder (made if missing) or s3://bucket?region=….
func Open(ctx context.Context, address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("address of the attachments' store: %w", err)
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("metadata", "skip")
		q.Set("no_tmp_dir", "true") // so that a rename stays on one disk
		u.RawQuery = q.Encode()
	}
	b, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open the attachments' store %s: %w", u.Redacted(), err)
	}
	return &Store{b}, nil
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Write streams body into the store under key, at most limit bytes. name helps to tell kinds of
// office files apart. ErrTooLarge, ErrEmpty; after an error nothing is stored.
func (s *Store) Write(ctx context.Context, key, name string, body io.Reader, limit int64) (Stored, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(body, head)
	switch {
	case errors.Is(err, io.EOF):
		return Stored{}, ErrEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return Stored{}, fmt.Errorf("read the file: %w", err)
	}
	head = head[:n]
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp() // a writer whose context ends before its Close keeps nothing
	kind := TypeOf(head, name)
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: kind})
	if err != nil {
		return Stored{}, fmt.Errorf("store file %s: %w", key, err)
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(io.MultiReader(bytes.NewReader(head), body), limit+1))
	if err == nil && size > limit {
		err = ErrTooLarge
	}
	if err != nil {
		giveUp()
		_ = w.Close() // it says again that it was given up
		return Stored{}, fmt.Errorf("store file %s: %w", key, err)
	}
	if err := w.Close(); err != nil {
		return Stored{}, fmt.Errorf("store file %s: %w", key, err)
	}
	return Stored{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil)), Type: kind}, nil
}

// Read opens what is stored under key from offset to its end. ErrNotFound.
func (s *Store) Read(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	r, err := s.bucket.NewRangeReader(ctx, key, offset, -1, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", key, err)
	}
	return r, nil
}

// Delete takes a file away, one that is not there too.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := s.bucket.Delete(ctx, key)
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete file %s: %w", key, err)
	}
	return nil
}
