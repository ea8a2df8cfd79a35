package switchtest

import (
	"context"
	"time"

	"github.com/open12345/hotline/cti"
)

// PutPhone implements cti.Switch.
func (s *Switch) PutPhone(ctx context.Context, p cti.Phone) error {
	return s.do(ctx, Op{Method: "PutPhone", Detail: p.ID}, func() error {
		if p.ID == "" || len(p.HA1) != 32 {
			return cti.ErrRejected
		}
		if old := s.phones[p.ID]; old != nil {
			old.Phone = p
			return nil
		}
		s.phones[p.ID] = &phone{Phone: p}
		return nil
	})
}

// RemovePhone implements cti.Switch.
func (s *Switch) RemovePhone(ctx context.Context, id string) error {
	return s.do(ctx, Op{Method: "RemovePhone", Detail: id}, func() error {
		p := s.phones[id]
		if p == nil {
			return nil
		}
		delete(s.phones, id)
		if p.registered {
			s.emit(cti.PhoneChanged{Phone: id, At: time.Now()})
		}
		return nil
	})
}

// Phones implements cti.Switch.
func (s *Switch) Phones(ctx context.Context) (m map[string]bool, err error) {
	err = s.do(ctx, Op{Method: "Phones"}, func() error {
		m = map[string]bool{}
		for id, p := range s.phones {
			m[id] = p.registered
		}
		return nil
	})
	return m, err
}

// SetGlobal implements cti.Switch.
func (s *Switch) SetGlobal(ctx context.Context, name, value string) error {
	return s.do(ctx, Op{Method: "SetGlobal", Detail: name + "=" + value}, func() error {
		s.globals[name] = value
		return nil
	})
}
