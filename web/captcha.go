package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/dchest/captcha"
)

// Captcha policies.
const (
	CaptchaAlways        = "always"
	CaptchaAfterFailures = "after_failures"
	CaptchaNever         = "never"
)

const captchaDigits = 4

type newCaptcha struct {
	ID       string `json:"id"`
	ImageURL string `json:"image_url"`
	AudioURL string `json:"audio_url" doc:"The same digits spoken in Chinese"`
}

func (s *Server) captchaRoutes() {
	huma.Register(s.api, operation("new-captcha", http.MethodPost, "/captcha", public, "A new 验证码"),
		func(context.Context, *none) (*answer[newCaptcha], error) {
			id := captcha.NewLen(captchaDigits)
			base := "/api/v1/captcha/" + id
			return &answer[newCaptcha]{newCaptcha{ID: id, ImageURL: base + ".png", AudioURL: base + ".wav"}}, nil
		})
}

func (s *Server) serveCaptcha(w http.ResponseWriter, r *http.Request) {
	var (
		body bytes.Buffer
		err  error
	)
	id, kind, _ := strings.Cut(r.PathValue("file"), ".")
	switch kind {
	case "png":
		w.Header().Set("Content-Type", "image/png")
		err = captcha.WriteImage(&body, id, 160, 56)
	case "wav":
		w.Header().Set("Content-Type", "audio/wav")
		err = captcha.WriteAudio(&body, id, "zh")
	default:
		err = captcha.ErrNotFound
	}
	if err != nil {
		writeProblem(w, problem(http.StatusNotFound, "not_found", "this captcha has ended; ask for a new one"))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	_, _ = body.WriteTo(w)
}
