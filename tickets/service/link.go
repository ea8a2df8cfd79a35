package service

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// LinkPurpose is what a link in a message lets its holder do.
type LinkPurpose byte

// Purposes of links.
const (
	LinkReply  LinkPurpose = 'r' // read the public reply
	LinkRating LinkPurpose = 'p' // answer the follow-up
)

const linkProof = 12 // bytes of the proof: 96 bits

// LinkToken makes the token of a link about a ticket, good until the time. Nothing is stored:
// the token holds what it is for and a proof of our making.
func (s *Service) LinkToken(purpose LinkPurpose, ticket string, until time.Time) (string, error) {
	id, err := uuid.Parse(ticket)
	if err != nil {
		return "", fmt.Errorf("link to ticket %q: %w", ticket, ErrNotFound)
	}
	raw := append([]byte{byte(purpose)}, id[:]...)
	raw = binary.BigEndian.AppendUint32(raw, uint32(until.Unix())) //nolint:gosec // until 2106
	return base64.RawURLEncoding.EncodeToString(append(raw, s.linkProof(raw)...)), nil
}

func (s *Service) linkProof(raw []byte) []byte {
	return s.keys.Digest("link", string(raw))[:linkProof]
}

// LinkTicket reads a token: the id of its ticket. A token of another purpose, one that is not
// ours and one whose time is over are all ErrNotFound.
func (s *Service) LinkTicket(purpose LinkPurpose, token string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 1+16+4+linkProof {
		return "", fmt.Errorf("link: %w", ErrNotFound)
	}
	body, proof := raw[:21], raw[21:]
	until := time.Unix(int64(binary.BigEndian.Uint32(body[17:])), 0)
	if !hmac.Equal(proof, s.linkProof(body)) || body[0] != byte(purpose) || s.now().After(until) {
		return "", fmt.Errorf("link: %w", ErrNotFound)
	}
	return uuid.UUID(body[1:17]).String(), nil
}
