package message

import (
	"context"
	"errors"
)

// Channel is the way a message leaves.
type Channel string

// Channels.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Message is on its way to one person. Key is the same at every try: a gateway that has seen it
// must not deliver it again.
type Message struct {
	Key     string
	Channel Channel
	To      string // number or address, in clear
	Title   string // of a letter
	Text    string
}

// Errors of a gateway; every other one is worth another try.
var (
	// ErrRefused is a message the gateway will never take: another try is useless.
	ErrRefused = errors.New("refused by the gateway")
)

// Gateway takes messages for delivery and returns its own id of each. It keeps the deadline of
// the context and is safe for concurrent use.
type Gateway interface {
	Send(ctx context.Context, m Message) (id string, err error)
}

// State is where a message is.
type State string

// States of a message.
const (
	Waiting   State = "waiting"
	Sending   State = "sending"   // handed over, or handed over and not heard of since
	Sent      State = "sent"      // the gateway has it
	Delivered State = "delivered" // the gateway says it arrived
	Failed    State = "failed"    // given up, or the gateway says it did not arrive
	OverQuota State = "over_quota"
)

// States lists the states with their labels.
var States = map[State]string{
	Waiting: "待发送", Sending: "发送中", Sent: "已发送", Delivered: "已送达", Failed: "发送失败", OverQuota: "超出短信量",
}
