package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestDiagramsOfTheStateTables(t *testing.T) {
	var out strings.Builder
	require.NoError(t, (&TicketsDiagramCmd{Table: "leg"}).run(&out))
	require.Equal(t, tickets.Mermaid("leg"), out.String())
	out.Reset()
	require.NoError(t, (&TicketsDiagramCmd{Table: "all"}).run(&out))
	require.Equal(t, len(tickets.Tables), strings.Count(out.String(), "stateDiagram-v2"))
	require.Contains(t, out.String(), "title: supervision\n")
}
