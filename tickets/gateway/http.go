package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/open12345/hotline/tickets/message"
)

// HTTP posts each message as JSON to a provider's address, with the header Idempotency-Key and,
// where a token is set, Authorization: Bearer. 2xx with {"id": …} is taken; 4xx but 408, 409 and
// 429 is refused for good; 409 is a key the provider has seen: taken; all else is tried again.
type HTTP struct {
	address string
	token   string
	client  *http.Client
}

// sendPatience is how long a provider may take.
const sendPatience = 10 * time.Second

// NewHTTP posts to the address.
func NewHTTP(address, token string) *HTTP {
	return &HTTP{address: address, token: token, client: &http.Client{Timeout: sendPatience}}
}

// Send posts the message.
func (h *HTTP) Send(ctx context.Context, m message.Message) (string, error) {
	body, err := json.Marshal(map[string]string{"key": m.Key, "channel": string(m.Channel), "to": m.To, "title": m.Title, "text": m.Text})
	if err != nil {
		return "", fmt.Errorf("send message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("send message: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", m.Key)
	if h.token != "" {
		req.Header.Set("Authorization", "Bearer "+h.token)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("send message: %w", err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return "", fmt.Errorf("read the gateway's answer: %w", err)
	}
	var answer struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &answer) // a provider without ids is fine
	switch code := resp.StatusCode; {
	case code/100 == 2, code == http.StatusConflict:
		return answer.ID, nil
	case code/100 == 4 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return "", fmt.Errorf("%w: status %d", message.ErrRefused, code)
	default:
		return "", fmt.Errorf("send message: the gateway answered with status %d", code)
	}
}
