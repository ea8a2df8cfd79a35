package recording

import (
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

	"github.com/open12345/hotline/cti/calls"
)

// Errors of the store; test with errors.Is.
var (
	ErrNotFound = errors.New("there is no such recording in the store")
	ErrAltered  = errors.New("the stored recording is not what was sealed")
)

// Store holds sealed recordings as playable WAV files.
type Store struct{ bucket *blob.Bucket }

// OpenStore opens file:///folder (made if missing) or s3://bucket?region=….
func OpenStore(ctx context.Context, address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("address of the recordings' store: %w", err)
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("metadata", "skip")   // no second file beside each recording
		q.Set("no_tmp_dir", "true") // so that a rename stays on one disk
		u.RawQuery = q.Encode()
	}
	b, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("opening the recordings' store %s: %w", u.Redacted(), err)
	}
	return &Store{b}, nil
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Open reads a range of a stored recording, length -1 to its end, for range requests; size is
// that of the whole. ErrNotFound if there is none.
func (s *Store) Open(ctx context.Context, key string, offset, length int64) (body io.ReadCloser, size int64, err error) {
	r, err := s.bucket.NewRangeReader(ctx, key, offset, length, nil)
	if err != nil {
		return nil, 0, stored("opening", key, err)
	}
	return r, r.Size(), nil
}

// Verify computes the seal of a recording again: ErrAltered or ErrNotFound if it isn't whole.
func (s *Store) Verify(ctx context.Context, r calls.Recording) error {
	sum, size, err := s.hash(ctx, r.Key)
	if err != nil {
		return err
	}
	if sum != r.SHA256 || size != r.Size {
		return fmt.Errorf("%w: %s has %d bytes and SHA-256 %s, sealed were %d and %s", ErrAltered, r.Key, size, sum, r.Size, r.SHA256)
	}
	return nil
}

// hash reads what is stored.
func (s *Store) hash(ctx context.Context, key string) (sum string, size int64, err error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return "", 0, stored("opening", key, err)
	}
	defer func() { _ = r.Close() }() // only read
	h := sha256.New()
	size, err = io.Copy(h, r)
	if err != nil {
		return "", 0, stored("reading", key, err)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// write streams a WAV file of the samples to a key.
func (s *Store) write(ctx context.Context, key string, f format, data int64, body io.Reader) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "audio/wav"})
	if err != nil {
		return stored("writing", key, err)
	}
	if _, err = w.Write(wavHeader(f, data)); err == nil {
		_, err = io.CopyN(w, body, data)
	}
	if err != nil {
		cancel() // the writer then drops what was written
		_ = w.Close()
		return stored("writing", key, err)
	}
	if err := w.Close(); err != nil {
		return stored("writing", key, err)
	}
	return nil
}

// rename moves an object to its final key.
func (s *Store) rename(ctx context.Context, from, to string) error {
	if err := s.bucket.Copy(ctx, to, from, nil); err != nil {
		return stored("renaming", from, err)
	}
	if err := s.bucket.Delete(ctx, from); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return stored("removing", from, err)
	}
	return nil
}

func stored(what, key string, err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%s %s: %w", what, key, ErrNotFound)
	}
	return fmt.Errorf("%s %s in the store: %w", what, key, err)
}

// Put keeps a finished WAV file under the key: recordings that did not come from a switch, such
// as the demo city's.
func (s *Store) Put(ctx context.Context, key string, wav []byte) error {
	if err := s.bucket.WriteAll(ctx, key, wav, nil); err != nil {
		return stored("writing", key, err)
	}
	return nil
}
