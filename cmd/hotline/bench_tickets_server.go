package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/open12345/hotline/asterisk/child"
)

// benchServer is a whole private stack on the city's database, a process of its own.
type benchServer struct {
	url  string
	cmd  *exec.Cmd
	done chan struct{}
	log  *os.File
}

const benchServerStart = 5 * time.Minute

// startBenchServer runs the stack in home and returns when it serves.
func startBenchServer(ctx context.Context, home, database string, user *child.User) (*benchServer, error) {
	binary, err := layOut(home, user)
	if err != nil {
		return nil, err
	}
	ports, err := child.FreePorts(7)
	if err != nil {
		return nil, err
	}
	rtp, err := child.FreeRange(100)
	if err != nil {
		return nil, err
	}
	at := func(i int) string { return "127.0.0.1:" + strconv.Itoa(ports[i]) }
	s := &benchServer{url: "http://" + at(0), done: make(chan struct{})}
	if s.log, err = os.Create(filepath.Join(home, "server.log")); err != nil {
		return nil, err
	}
	s.cmd = exec.Command(binary, "run")
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = home, s.log, s.log
	s.cmd.Env = append(os.Environ(),
		"HOTLINE_DATA="+filepath.Join(home, "data"), "HOTLINE_POSTGRES_URL="+database, "HOTLINE_DEMO=true", "HOTLINE_LOG_LEVEL=warn",
		"HOTLINE_WEB_LISTEN="+at(0), "HOTLINE_WEB_INTERNAL="+at(1), "HOTLINE_SIP_LISTEN="+at(2),
		"HOTLINE_SWITCH_HTTP_PORT="+strconv.Itoa(ports[3]), "HOTLINE_SWITCH_AMI_PORT="+strconv.Itoa(ports[4]),
		"HOTLINE_REDIS_PORT="+strconv.Itoa(ports[5]), "HOTLINE_SIP_CARRIER="+at(6),
		"HOTLINE_SWITCH_RTP_START="+strconv.Itoa(rtp), "HOTLINE_SWITCH_RTP_END="+strconv.Itoa(rtp+99))
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	go func() { defer close(s.done); _ = s.cmd.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, benchServerStart)
	defer cancel()
	for {
		if res, err := get(ctx, s.url+"/readyz", ""); err == nil && res.status == http.StatusOK {
			return s, nil
		}
		select {
		case <-s.done:
			return nil, fmt.Errorf("the server ended while starting: see %s", s.log.Name())
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("the server is not ready: see %s", s.log.Name()), s.stop())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// layOut puts program and settings where the stack's user can reach them.
func layOut(home string, user *child.User) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(home, "bin", "hotline")
	if err := os.RemoveAll(filepath.Join(home, "configs")); err != nil {
		return "", err
	}
	return binary, errors.Join(copyFile(user, self, binary), os.CopyFS(filepath.Join(home, "configs"), os.DirFS("configs")))
}

// stop ends the stack as Ctrl-C does.
func (s *benchServer) stop() error {
	defer s.log.Close()
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.done:
		return nil
	case <-time.After(time.Minute):
		return errors.Join(errors.New("the server did not stop within a minute"), s.cmd.Process.Kill())
	}
}

// answer is what the server said and how long it took.
type answer struct {
	status int
	body   []byte
	took   time.Duration
}

var benchHTTP = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func get(ctx context.Context, url, token string) (answer, error) {
	return ask(ctx, http.MethodGet, url, token, nil)
}

// ask sends a request; body is sent as JSON unless it is nil.
func ask(ctx context.Context, method, url, token string, body any) (answer, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, reader)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	began := time.Now()
	res, err := benchHTTP.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{status: res.StatusCode, body: raw, took: time.Since(began)}, err
}

// benchCrowd are the people who work in the benchmark, with their tokens.
type benchCrowd map[string]string

// signIn makes a token for each person.
func (w *ticketWorld) signIn(ctx context.Context) (benchCrowd, error) {
	crowd := benchCrowd{}
	for _, p := range deskPeople() {
		_, secret, err := w.desk.CreateToken(ctx, operator(), p.account, "bench", time.Now().Add(12*time.Hour))
		if err != nil {
			return nil, fmt.Errorf("make a token for %s: %w", p.account, err)
		}
		crowd[p.account] = secret
	}
	return crowd, nil
}
