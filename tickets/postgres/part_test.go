package postgres

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

// The seals of tickets are made over these forms: a field that got another name or another
// value in JSON would break those of all tickets that have it. A new field changes nothing here.
func TestTheFormsThatSealsAreMadeOverStay(t *testing.T) {
	at := time.Date(2026, 11, 24, 10, 0, 0, 123456789, time.FixedZone("", 8*3600))
	k := tickets.Ticket{
		Legs: []tickets.Leg{{
			N: 1, Round: 2, Role: tickets.Lead, Unit: "pt-xxb", State: tickets.Handling, DueAt: at, FirstViewedAt: at, Remainder: -time.Hour,
			Contacts: []tickets.Contact{{At: at, By: "pt-xxb-jb", Way: "call"}}, Draft: tickets.Reply{Answer: "已修<好>", At: &at}, NoReturn: true,
		}},
		Requests:     []tickets.Request{{N: 3, Kind: tickets.RequestReturn, State: tickets.RequestOpen, Leg: 1, Reason: "不属我单位", Files: []string{"f"}, AskedAt: at}},
		Supervisions: []tickets.Supervision{{N: 1, Kind: tickets.SuperviseWritten, State: tickets.SupervisionIssued, Unit: "pt-xxb", Demand: "限期", DueAt: at}},
		Cards:        []tickets.Card{{N: 1, Kind: tickets.RedCard, Leg: 1, Unit: "pt-xxb", IssuedAt: at}},
		Visits:       []tickets.Visit{{N: 1, Round: 1, At: at, Reached: true, Solved: tickets.SolvedYes, Result: 2}},
	}
	wholeMicros(reflect.ValueOf(&k))
	want := map[string]string{
		"leg": `{"contacts":[{"at":"2026-11-24T02:00:00.123456Z","by":"pt-xxb-jb","way":"call"}],"draft":{"answer":"已修\u003c好\u003e","at":"2026-11-24T02:00:00.123456Z"},` +
			`"due_at":"2026-11-24T02:00:00.123456Z","first_viewed_at":"2026-11-24T02:00:00.123456Z","n":1,"no_return":true,"remainder":-3600000000000,` +
			`"role":"lead","round":2,"state":"handling","unit":"pt-xxb"}`,
		"request":     `{"asked_at":"2026-11-24T02:00:00.123456Z","files":["f"],"kind":"return","leg":1,"n":3,"reason":"不属我单位","state":"open"}`,
		"supervision": `{"demand":"限期","due_at":"2026-11-24T02:00:00.123456Z","kind":"written","n":1,"state":"issued","unit":"pt-xxb"}`,
		"card":        `{"issued_at":"2026-11-24T02:00:00.123456Z","kind":"red","leg":1,"n":1,"unit":"pt-xxb"}`,
		"visit":       `{"at":"2026-11-24T02:00:00.123456Z","n":1,"reached":true,"result":2,"round":1,"solved":"1"}`,
	}
	for _, pt := range partTables {
		parts, err := pt.partsOf(&k)
		require.NoError(t, err)
		require.Equal(t, want[pt.kind], string(parts[0].form))
	}
}
