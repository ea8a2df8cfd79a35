package switchtest

import (
	"context"
	"time"

	"github.com/open12345/hotline/cti"
)

// CreateBridge implements cti.Switch.
func (s *Switch) CreateBridge(ctx context.Context, id cti.BridgeID, kind cti.BridgeKind) error {
	return s.do(ctx, Op{Method: "CreateBridge", Bridge: id, Detail: string(kind)}, func() error {
		if s.bridges[id] == nil {
			s.bridges[id] = &bridge{kind: kind}
		}
		return nil
	})
}

// Join implements cti.Switch.
func (s *Switch) Join(ctx context.Context, id cti.BridgeID, legID cti.LegID) error {
	return s.do(ctx, Op{Method: "Join", Bridge: id, Leg: legID}, func() error {
		b := s.bridges[id]
		l, err := s.own(legID)
		if b == nil || err != nil {
			return cti.ErrGone
		}
		s.finish(l.play, false)
		s.leave(l)
		b.members = append(b.members, legID)
		l.bridge = id
		s.emit(cti.BridgeChanged{Bridge: id, Leg: legID, Entered: true, At: time.Now()})
		return nil
	})
}

// Leave implements cti.Switch.
func (s *Switch) Leave(ctx context.Context, id cti.BridgeID, legID cti.LegID) error {
	return s.do(ctx, Op{Method: "Leave", Bridge: id, Leg: legID}, func() error {
		if l := s.legs[legID]; l != nil && l.bridge == id {
			s.finish(l.play, false)
			s.leave(l)
		}
		return nil
	})
}

// DestroyBridge implements cti.Switch.
func (s *Switch) DestroyBridge(ctx context.Context, id cti.BridgeID) error {
	return s.do(ctx, Op{Method: "DestroyBridge", Bridge: id}, func() error {
		for _, l := range s.legs {
			if l.bridge == id {
				s.leave(l)
			}
		}
		delete(s.bridges, id)
		return nil
	})
}
