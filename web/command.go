package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"

	"github.com/google/uuid"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets/directory"
)

// commandPermission says which permission a floor command takes; a command that is not here is
// unknown.
var commandPermission = map[floor.CommandName]Permission{
	floor.CmdSignIn: directory.FloorSeat, floor.CmdSignOut: directory.FloorSeat, floor.CmdWish: directory.FloorSeat,
	floor.CmdWrapUpExtend: directory.FloorSeat, floor.CmdWrapUpDone: directory.FloorSeat, floor.CmdAutoAnswer: directory.FloorSeat,
	floor.CmdHangup: directory.FloorSeat, floor.CmdHold: directory.FloorSeat, floor.CmdResume: directory.FloorSeat, floor.CmdConsult: directory.FloorSeat,
	floor.CmdConsultCancel: directory.FloorSeat, floor.CmdTransfer: directory.FloorSeat, floor.CmdThreeWay: directory.FloorSeat,
	floor.CmdPartyDrop: directory.FloorSeat, floor.CmdEmergency: directory.FloorSeat, floor.CmdDial: directory.FloorSeat, floor.CmdDTMF: directory.FloorSeat,
	floor.CmdNote: directory.FloorSeat, floor.CmdForce: directory.FloorForce,
}

// command checks and sends one command of an account to the floor.
func (s *Server) command(ctx context.Context, id Identity, name floor.CommandName, args json.RawMessage) (json.RawMessage, error) {
	need, known := commandPermission[name]
	switch {
	case !known:
		return nil, &floor.Refusal{Code: floor.RefusedUnknownCommand, Detail: "no command of this name"}
	case !id.Can(need):
		return nil, &floor.Refusal{Code: "forbidden", Detail: "this role may not do that"}
	case need == directory.FloorSeat && id.Seat == "":
		return nil, &floor.Refusal{Code: floor.RefusedNotYourSeat, Detail: "this account owns no seat"}
	}
	cmd := floor.Command{ID: uuid.NewString(), Name: name, Account: id.Account, Seat: id.Seat, Role: roleNames(id), Args: args}
	data, err := s.floor.Do(ctx, cmd)
	if err == nil && name == floor.CmdForce {
		if auditErr := s.desk.Audit(ctx, id, string(name), id.Seat, string(args)); auditErr != nil {
			slog.Error("act not audited", "account", id.Account, "act", name, "error", auditErr)
		}
	}
	return data, err
}

func roleNames(id Identity) string {
	names := make([]string, len(id.Roles))
	for i, r := range id.Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}
