package main

// BenchCmd measures whole parts of the program against their aims.
type BenchCmd struct {
	Live        BenchLiveCmd        `cmd:"" help:"From the engine's decision to the complete screen pop in a client process, under load."`
	Tickets     BenchTicketsCmd     `cmd:"" help:"Lists, pages, search and transitions of the desk on a loaded city."`
	LiveClients BenchLiveClientsCmd `cmd:"" hidden:"" help:"The clients of bench live, a process of their own."`
}
