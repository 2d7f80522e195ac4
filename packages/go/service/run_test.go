package service

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheShutdownEndsInTimeAlsoIfSomethingHangs(t *testing.T) {
	for name, register := range map[string]func(s *Service, hang func()) (endRounds func()){
		"a round":  func(_ *Service, hang func()) func() { return hang },
		"a closer": func(s *Service, hang func()) func() { s.OnClose(hang); return func() {} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Service{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), stopSpans: func() {}}
				over := make(chan struct{})
				endRounds := register(s, func() { <-over })
				begin := time.Now()
				s.drain(&http.Server{}, endRounds)
				if took := time.Since(begin); took > 9_500*time.Millisecond {
					t.Errorf("it took %v", took)
				}
				close(over)
				synctest.Wait()
			})
		})
	}
}
