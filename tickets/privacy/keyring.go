package privacy

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Errors of a key ring.
var (
	// ErrUnknownKey is a value sealed with a key the ring does not hold.
	ErrUnknownKey = errors.New("sealed with an unknown key")
	// ErrBadSeal is a value that is not what Seal once returned.
	ErrBadSeal = errors.New("sealed value is damaged")
)

// KeyFile is the ring's file in an installation's data folder.
const KeyFile = "keys.json"

const keySize = 32

// KeyRing holds the keys of an installation. It is safe for concurrent use.
type KeyRing struct {
	current string
	seals   map[string]cipher.AEAD
	index   []byte
	chain   []byte
}

// keyFile is the ring on disk.
type keyFile struct {
	Current string            `json:"current"` // id of the key new values are sealed with
	Seal    map[string]string `json:"seal"`    // id → key, base64; old keys stay to open old values
	Index   string            `json:"index"`   // of blind indexes; never changed
	Chain   string            `json:"chain"`   // of flow, audit and recording seals; never changed
}

// LoadKeyRing reads the ring from path. With no file there it makes new keys and writes them,
// readable by the owner alone.
func LoadKeyRing(path string) (*KeyRing, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		raw, err = createKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("load key ring: %w", err)
	}
	ring, err := parseKeyRing(raw)
	if err != nil {
		return nil, fmt.Errorf("load key ring %s: %w", path, err)
	}
	return ring, nil
}

// NewKeyRing makes a ring of fresh keys that is kept nowhere.
func NewKeyRing() (*KeyRing, error) {
	raw, err := newKeyFile()
	if err != nil {
		return nil, err
	}
	return parseKeyRing(raw)
}

func newKeyFile() ([]byte, error) {
	var keys [3]string
	for i := range keys {
		k := make([]byte, keySize)
		if _, err := rand.Read(k); err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
		keys[i] = base64.StdEncoding.EncodeToString(k)
	}
	return json.MarshalIndent(keyFile{
		Current: "k1", Seal: map[string]string{"k1": keys[0]}, Index: keys[1], Chain: keys[2],
	}, "", "  ")
}

// createKeyFile links a finished file into place, so that of two first starts one wins and
// the other reads the winner's keys.
func createKeyFile(path string) ([]byte, error) {
	raw, err := newKeyFile()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	if _, err := tmp.Write(raw); err != nil {
		return nil, err
	}
	if err := tmp.Sync(); err != nil {
		return nil, err
	}
	if err := tmp.Close(); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

func parseKeyRing(raw []byte) (*KeyRing, error) {
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	ring := &KeyRing{current: f.Current, seals: map[string]cipher.AEAD{}}
	for id, text := range f.Seal {
		key, err := decodeKey(text)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", id, err)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", id, err)
		}
		if ring.seals[id], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("key %s: %w", id, err)
		}
	}
	if ring.seals[f.Current] == nil {
		return nil, fmt.Errorf("current key %q is not in the ring", f.Current)
	}
	var err error
	if ring.index, err = decodeKey(f.Index); err != nil {
		return nil, fmt.Errorf("index key: %w", err)
	}
	if ring.chain, err = decodeKey(f.Chain); err != nil {
		return nil, fmt.Errorf("chain key: %w", err)
	}
	return ring, nil
}

func decodeKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("%d bytes, want %d", len(key), keySize)
	}
	return key, nil
}

// Seal encrypts with AES-256-GCM: "k1:" and base64 of nonce and ciphertext. The empty string
// stays empty.
func (r *KeyRing) Seal(clear string) (string, error) {
	if clear == "" {
		return "", nil
	}
	aead := r.seals[r.current]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(clear)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	out := aead.Seal(nonce, nonce, []byte(clear), []byte(r.current))
	return r.current + ":" + base64.RawStdEncoding.EncodeToString(out), nil
}

// Open decrypts what Seal returned. ErrUnknownKey, ErrBadSeal.
func (r *KeyRing) Open(sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	id, text, ok := strings.Cut(sealed, ":")
	if !ok {
		return "", ErrBadSeal
	}
	aead := r.seals[id]
	if aead == nil {
		return "", fmt.Errorf("%w %q", ErrUnknownKey, id)
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", ErrBadSeal
	}
	clear, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(id))
	if err != nil {
		return "", ErrBadSeal
	}
	return string(clear), nil
}

// Index is the blind index of a full number: the same number gives the same text, which tells
// nothing without the key. The empty number has the empty index.
func (r *KeyRing) Index(p Phone) string {
	if p == "" {
		return ""
	}
	return hex.EncodeToString(r.sum(r.index, "phone", string(p))[:16])
}

// LastFourIndex is the blind index of the last four digits, salted by the ticket: ten thousand
// possible values would be counted out otherwise.
func (r *KeyRing) LastFourIndex(ticket string, p Phone) string {
	if p == "" {
		return ""
	}
	return hex.EncodeToString(r.sum(r.index, "last4", ticket, p.LastFour())[:16])
}

// Digest is a keyed digest of a secret that only has to be compared, such as a query code or
// an API token. Purpose keeps equal secrets of different use apart.
func (r *KeyRing) Digest(purpose string, parts ...string) []byte {
	return r.sum(r.index, append([]string{purpose}, parts...)...)
}

// Link is the next element of a chain: HMAC-SHA256 of the previous one and the canonical form.
func (r *KeyRing) Link(previous, canonical []byte) []byte {
	mac := hmac.New(sha256.New, r.chain)
	mac.Write(previous)
	mac.Write([]byte{0})
	mac.Write(canonical)
	return mac.Sum(nil)
}

// sum separates its parts by length, so that no two lists of parts run into each other.
func (r *KeyRing) sum(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	var buf bytes.Buffer
	for _, p := range parts {
		fmt.Fprintf(&buf, "%d:%s", len(p), p)
	}
	mac.Write(buf.Bytes())
	return mac.Sum(nil)
}
