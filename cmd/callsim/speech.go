package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

type speech struct {
	voice
	Script  []string `help:"Script, or folder of scripts." type:"existingpath" sep:"none"`
	Say     []string `help:"Further sentences." sep:"none"`
	Command string   `help:"Program that makes one file; {text} {out} {voice} {rate} are replaced after it was split at blanks. Without it the switch's own espeak-ng."`
}

// Run makes what is missing, also of the carrier's and the seats' sentences.
func (s *speech) Run(ctx context.Context) error {
	if s.SpeechDir == "" {
		return errors.New("name the folder with --speech-dir")
	}
	by, err := s.synthesiser()
	if err != nil {
		return err
	}
	sentences := append(traffic.Sentences(traffic.DefaultRules()), script.Sentence{Text: traffic.DefaultGreeting})
	for _, text := range s.Say {
		sentences = append(sentences, script.Sentence{Text: text})
	}
	for _, path := range s.Script {
		scripts, err := script.Load(path)
		if err != nil {
			return err
		}
		sentences = append(sentences, script.Sentences(scripts)...)
	}
	made, err := s.speech().Synthesise(ctx, by, sentences)
	if err != nil {
		return err
	}
	fmt.Printf("%d sentences, %d made\n", len(sentences), made)
	return nil
}

func (s *speech) synthesiser() (script.Synthesiser, error) {
	if s.Command != "" {
		return script.Synthesiser{Words: strings.Fields(s.Command)}, nil
	}
	install, err := asterisk.Find("")
	if err != nil {
		return script.Synthesiser{}, fmt.Errorf("finding espeak-ng: %w", err)
	}
	words, env := install.SpeechCommand("-v", "{voice}", "-s", "{rate}", "-w", "{out}", "{text}")
	return script.Synthesiser{Words: words, Env: env}, nil
}
