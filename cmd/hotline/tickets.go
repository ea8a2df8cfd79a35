package main

import (
	"fmt"
	"io"
	"os"

	"github.com/open12345/hotline/tickets"
)

// TicketsCmd are the tools for the work order's rules.
type TicketsCmd struct {
	Diagram TicketsDiagramCmd `cmd:"" help:"Draw the state tables as Mermaid diagrams."`
}

// TicketsDiagramCmd draws the state tables that the program runs by.
type TicketsDiagramCmd struct {
	Table string `arg:"" optional:"" enum:"all,ticket,leg,request,supervision" default:"all" help:"ticket, leg, request, supervision or all."`
}

// Run draws the table, or all of them with a title each.
func (c *TicketsDiagramCmd) Run(*app) error { return c.run(os.Stdout) }

func (c *TicketsDiagramCmd) run(out io.Writer) error {
	if c.Table != "all" {
		_, err := io.WriteString(out, tickets.Mermaid(c.Table))
		return err
	}
	for _, table := range tickets.Tables {
		if _, err := fmt.Fprintf(out, "---\ntitle: %s\n---\n%s\n", table, tickets.Mermaid(table)); err != nil {
			return err
		}
	}
	return nil
}
