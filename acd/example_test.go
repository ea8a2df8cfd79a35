package acd_test

import (
	"fmt"
	"time"

	"github.com/open12345/hotline/acd"
)

// A caller waits for a seat, is answered, and the seat gets the next caller when it is free again.
func ExampleEngine() {
	engine, err := acd.New(acd.Config{Queues: []acd.QueueConfig{{ID: "citizens", Target: 15 * time.Second}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	wages := []acd.Need{{Skill: "wages", Min: 3}}
	engine.Offer(acd.Request{Call: "call-1", Queue: "citizens", All: wages, EnteredAt: now}, now)
	engine.Offer(acd.Request{Call: "call-2", Queue: "citizens", All: wages, EnteredAt: now}, now)

	now = now.Add(7 * time.Second)
	engine.SeatSignedIn(acd.Seat{ID: "8001", Skills: map[acd.Skill]int{"wages": 5}}, now)
	for _, d := range engine.SeatFree("8001", now) {
		fmt.Printf("%+v\n", d)
	}
	engine.Answered("call-1", "8001", now.Add(3*time.Second))

	now = now.Add(4 * time.Minute) // talk and wrap-up
	for _, d := range engine.SeatFree("8001", now) {
		fmt.Printf("%+v\n", d)
	}
	// Output:
	// {Call:call-1 Seat:8001 Queue:citizens Waited:7s Step:0}
	// {Call:call-2 Seat:8001 Queue:citizens Waited:4m7s Step:0}
}
