package testcall_test

import (
	"context"
	"fmt"
	"time"

	"github.com/open12345/hotline/cti/testcall"
)

// A citizen calls a seat directly; each leg sends its own tone and waits for the
// other's.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	seat, err := testcall.StartPhone(ctx, testcall.Config{Number: "8001"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer seat.Stop()
	seat.OnInvite(func(c *testcall.Call) {
		if c.Ring() == nil && c.Answer(ctx) == nil {
			c.Send(testcall.Tone(testcall.ToneOf(testcall.LegSeat)))
		}
	})
	citizen, err := testcall.StartPhone(ctx, testcall.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer citizen.Stop()

	call, err := citizen.Call(ctx, seat.URI(), testcall.From("13800138000"),
		testcall.Sends(testcall.Tone(testcall.ToneOf(testcall.LegCitizen))))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("hears the seat:", call.WaitTone(ctx, testcall.ToneOf(testcall.LegSeat)) == nil)
	fmt.Println("keys sent:", call.Press(ctx, "1#") == nil)
	fmt.Println("hung up:", call.Hangup(ctx) == nil)
	fmt.Println(call.End())
	// Output:
	// hears the seat: true
	// keys sent: true
	// hung up: true
	// local bye
}
