package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/acd/floor"
)

// liveFrames are the server's frames: type, meaning and an example of the data's Go type.
var liveFrames = []struct {
	kind, summary string
	data          any
}{
	{"hello", "First frame of a connection: who you are, your seat and both cursors.", helloData{}},
	{"seat", "Your own seat, at every change.", floor.SeatView{}},
	{"call", "Your seat's call, at every change; `end` is set on the last one.", floor.CallView{}},
	{"pop", "Screen pop: the call and the caller's history; `complete` false means that more follows.", floor.Pop{}},
	{"queues", "Figures of the queues, at most 4 a second.", []floor.QueueView{}},
	{"board", "The whole floor, after board.watch.", boardState{}},
	{"board.change", "What changed on the floor, at most 5 times a second.", boardState{}},
	{"desk", "Something of the desk changed: fetch it again. Kind `all`: fetch everything.", DeskChange{}},
	{"reply", "The one answer to a frame of yours, with its ref.", replyData{}},
	{"bye", "The server ends the connection: signed_out, replaced, changed or restart.", byeData{}},
}

type byeData struct {
	Reason string `json:"reason"`
}

// liveCommands are the page's frames with their arguments; nil takes none.
var liveCommands = map[floor.CommandName]any{
	"ping": nil, "board.watch": nil, "board.unwatch": nil,
	floor.CmdSignIn: floor.SignInArgs{}, floor.CmdSignOut: nil, floor.CmdWish: floor.Wish{}, floor.CmdWrapUpExtend: floor.SecondsArgs{},
	floor.CmdWrapUpDone: nil, floor.CmdAutoAnswer: floor.OnArgs{}, floor.CmdHangup: floor.HangupArgs{}, floor.CmdHold: floor.CallArgs{},
	floor.CmdResume: floor.CallArgs{}, floor.CmdConsult: floor.PartyArgs{}, floor.CmdConsultCancel: floor.CallArgs{},
	floor.CmdTransfer: floor.CallArgs{}, floor.CmdThreeWay: floor.CallArgs{}, floor.CmdPartyDrop: floor.PartyDropArgs{},
	floor.CmdEmergency: floor.PartyArgs{}, floor.CmdDial: floor.DialArgs{}, floor.CmdDTMF: floor.DTMFArgs{}, floor.CmdNote: floor.NoteArgs{},
	floor.CmdForce: floor.ForceArgs{},
}

type object = map[string]any

// describeLive writes the AsyncAPI 3.0 description of the live socket.
func describeLive(version string) ([]byte, error) {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schemaOf := func(data any) any {
		if data == nil {
			return object{}
		}
		return schemas.Schema(reflect.TypeOf(data), true, "")
	}
	messages := object{}
	var heard, said []object
	for _, f := range liveFrames {
		messages[f.kind] = object{"name": f.kind, "summary": f.summary, "payload": object{
			"type": "object", "required": []string{"id", "type", "data"},
			"properties": object{"id": object{"type": "string"}, "type": object{"const": f.kind}, "data": schemaOf(f.data)},
		}}
		heard = append(heard, object{"$ref": "#/channels/ws/messages/" + f.kind})
	}
	for name, args := range liveCommands {
		messages[string(name)] = object{"name": name, "payload": object{
			"type": "object", "required": []string{"type"},
			"properties": object{"ref": object{"description": "Comes back in the reply"}, "type": object{"const": name}, "data": schemaOf(args)},
		}}
		said = append(said, object{"$ref": "#/channels/ws/messages/" + string(name)})
	}
	raw, err := json.MarshalIndent(object{
		"asyncapi": "3.0.0",
		"info": object{"title": "12345 hotline live socket", "version": version, "description": "JSON frames {id, type, data} from the server, " +
			"{ref, type, data} from the client. Reconnect with ?floor=<last id>&desk=<last desk id> to get what was missed."},
		"channels": object{"ws": object{"address": "/ws", "messages": messages}},
		"operations": object{
			"hear": object{"action": "send", "channel": object{"$ref": "#/channels/ws"}, "messages": heard},
			"say":  object{"action": "receive", "channel": object{"$ref": "#/channels/ws"}, "messages": said},
		},
		"components": object{"schemas": schemas.Map()},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("describe the live socket: %w", err)
	}
	return raw, nil
}

func serveDescription(description []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(description)
	}
}
