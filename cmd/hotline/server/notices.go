package server

import (
	"context"

	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/tickets/gateway"
	"github.com/open12345/hotline/tickets/message"
	"github.com/open12345/hotline/tickets/service"
)

// startNotices begins to tell people what the desk has to tell.
func (s *Server) startNotices(ctx context.Context) error {
	door, err := s.messageGateway()
	if err != nil {
		return err
	}
	notifier := service.NewNotifier(service.NotifierConfig{
		Desk: s.desk, Gateway: door, Address: s.citizensAddress(), Quota: s.cfg.Message.Quota, Log: s.log,
		Ring: dutyRinger{s.desk, s.floor, s.log}.ring,
	})
	if err := notifier.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { notifier.Stop(); return nil })
	return nil
}

func (s *Server) messageGateway() (message.Gateway, error) {
	if s.cfg.Message.Gateway == config.GatewayHTTP {
		return gateway.NewHTTP(s.cfg.Message.URL, s.cfg.Message.Token), nil
	}
	return gateway.OpenFile(s.cfg.Path("messages.jsonl"))
}

// citizensAddress begins the links in messages.
func (s *Server) citizensAddress() string {
	if s.cfg.Message.Address != "" {
		return s.cfg.Message.Address
	}
	scheme, host := "http://", onThisMachine(s.cfg.Web.Listen)
	if s.cfg.Web.TLS {
		scheme = "https://"
	}
	return scheme + host
}
