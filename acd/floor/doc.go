// Package floor is the running floor of the hotline: one goroutine per call walks the call's
// script of stages, one dispatcher goroutine owns the routing engine and the seats.
//
// It alone changes call and seat state. Everybody else asks by Command and hears by Update.
// It never imports tickets: what it needs of the desk is declared in ports.go and joined in
// cmd/hotline. Whatever a stage needs to be entered again is recorded, on the channel and in
// the live state, before the stage starts, so that a successor continues there.
//
// # A call
//
// A call is an actor (call.go) whose script is a chain of stages, one file each (stage_*.go):
//
//	incoming → menu and queue (one walk) → ringing → talk → rating → done
//	                 ├ voicemail, callback, transfer to an outside number, and back
//	outbound: seat's phone → citizen's phone → talk → done
//	contact: clerk's telephone → a line → citizen's telephone → talk → done (stage_bridge.go)
//	notice: a duty phone → its menu → done (ring.go)
//
// A stage is a function that returns the next one. Everything that happens reaches it as a
// message in its mailbox (switch events, the dispatcher's answers, orders, alarms), so each of
// its waits ends at the citizen's hang-up, and no actor waits for another. Requests to the switch
// are made by the actor itself under a deadline; a leg that is gone is no error, since its end
// follows as an event.
//
// The citizen is always in a bridge: the music bridge while he waits, is held or in the menu, the
// one mixing bridge of his call while he talks, through transfers and with third parties.
//
// # Seats
//
// A seat's behaviour is the table in seat_table.go, which SeatDiagram draws. What an agent wants
// to be next is one value, his last wish; a seat that is free to change takes it.
//
// # Order and survival
//
// Each event is appended to the journal before anybody hears of it, and gets its id there; the
// hub keeps the order for followers and the snapshot that fits to an id. The live state may be
// silent: the floor goes on from memory and writes it afterwards. After each connect to a switch
// the node reconciles: calls of a predecessor go on at their stage, calls whose leg is gone are
// closed, and a sweep in between removes what nobody owns.
package floor
