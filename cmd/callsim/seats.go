package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/cti/testcall/traffic"
)

type seats struct {
	voice
	Numbers     []string      `arg:"" help:"Seats: numbers or ranges such as 8001-8008."`
	Registrar   string        `help:"Switch to register with." default:"127.0.0.1:5060"`
	Password    string        `help:"Secret of the seats' phones." default:"hotline-demo" env:"HOTLINE_SEAT_PASSWORD"`
	AnswerAfter time.Duration `help:"How long the phone rings before it is answered." default:"1s"`
	NeverAnswer bool          `help:"Let it ring."`
	Talk        time.Duration `help:"Hang up after this time, give or take a third; 0 leaves that to the caller."`
	Greeting    string        `help:"Said first, if it was synthesised." default:"${greeting}"`
	LocalIP     string        `help:"Address to register from." default:"127.0.0.1"`
	JSON        bool          `help:"Report as JSON at the end."`
}

// Run answers until interrupted.
func (s *seats) Run(ctx context.Context) error {
	numbers, err := seatNumbers(s.Numbers)
	if err != nil {
		return err
	}
	phones, err := traffic.StartSeats(ctx, traffic.SeatsConfig{
		Numbers: numbers, Registrar: s.Registrar, Password: s.Password, LocalIP: s.LocalIP,
		AnswerAfter: s.AnswerAfter, NeverAnswer: s.NeverAnswer, Talk: s.Talk,
		Greeting: s.Greeting, Speech: s.speech(),
	})
	if err != nil {
		return err
	}
	defer phones.Stop()
	if phones.WaitRegistered(ctx) == nil {
		fmt.Fprintf(os.Stderr, "%d seats registered at %s\n", len(numbers), s.Registrar)
	}
	<-ctx.Done()
	report := phones.Report()
	if s.JSON {
		return writeJSON(report)
	}
	fmt.Printf("calls rung %d, answered %d, one-way audio %d\n", report.Rung, report.Answered, report.OneWay)
	return nil
}

// maxSeats bounds a range that was mistyped.
const maxSeats = 1000

func seatNumbers(words []string) ([]string, error) {
	var numbers []string
	for _, word := range words {
		for part := range strings.SplitSeq(word, ",") {
			first, last, isRange := strings.Cut(part, "-")
			if !isRange {
				last = first
			}
			from, errFrom := strconv.Atoi(first)
			to, errTo := strconv.Atoi(last)
			if errFrom != nil || errTo != nil || to < from || to-from >= maxSeats {
				return nil, fmt.Errorf("%q is no seat or range of seats", part)
			}
			for n := from; n <= to; n++ {
				numbers = append(numbers, strconv.Itoa(n))
			}
		}
	}
	return numbers, nil
}
