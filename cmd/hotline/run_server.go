package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/open12345/hotline/asterisk/child"
)

// program is one of our own programs as a child of the stack.
type program struct {
	spec child.Spec

	mu   sync.Mutex
	proc *child.Process
}

// drainPatience is how long a program may take to say good-bye.
const drainPatience = 20 * time.Second

func (p *program) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil
	}
	return p.proc.Done()
}

func (p *program) Restart(context.Context) error {
	started, err := child.Start(p.spec)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.proc = started
	p.mu.Unlock()
	return nil
}

func (p *program) Stop(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil
	}
	return p.proc.Stop(syscall.SIGTERM, drainPatience)
}

// readyPatience covers the first start, which loads the demo city.
const readyPatience = 3 * time.Minute

// announce waits until the server serves, then says where to go.
func (s *stack) announce(began time.Time) error {
	ctx, cancel := context.WithTimeout(s.ctx, readyPatience)
	defer cancel()
	server := s.services[len(s.services)-1]
	base := s.baseURL()
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
		// Our own server on loopback, with the certificate it may have signed itself.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	defer client.CloseIdleConnections()
	for !ready(ctx, client, base+"/readyz") {
		select {
		case <-server.Done():
			return errors.New("the server ended while starting; its last lines are above")
		case <-ctx.Done():
			return fmt.Errorf("the server is not ready after %s; its log is above: %w", readyPatience, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.welcome(base, time.Since(began))
	return nil
}

func ready(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// baseURL is the server's address for this machine.
func (s *stack) baseURL() string {
	host, port, err := hostPort(s.cfg.Web.Listen)
	if err != nil || net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if s.cfg.Web.TLS {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port))
}

func (s *stack) welcome(base string, took time.Duration) {
	_, port, _ := net.SplitHostPort(s.cfg.Web.Listen)
	fmt.Printf("\nhotline is ready (%s)\n\n  pages        %s\n", took.Round(100*time.Millisecond), base)
	if s.cfg.Public != "" {
		fmt.Printf("               https://%s\n", net.JoinHostPort(s.cfg.Public, port))
	}
	fmt.Printf("  SIP          sip:12345@%s\n", s.cfg.SIP.Listen)
	if s.cfg.Demo {
		fmt.Printf("  a citizen    %s/demo/citizen  (dial 12345)\n", base)
		fmt.Printf("  sign in as   8001 … 8008 (agents), banzhang, shouli, paidan, shenhe, huifang, rexianban,\n" +
			"               zhijian, zhishi, shizhang, admin; departments pt-xxb, pt-xxb-jb, pt-xxb-xxk\n" +
			"               password hotline-demo\n")
		if !s.cfg.Web.TLS {
			fmt.Printf("  side by side http://8001.localhost:%s, http://banzhang.localhost:%s, …\n", port, port)
		}
	}
	fmt.Printf("  data         %s\n\nCtrl-C stops it.\n\n", s.home.dir)
}
