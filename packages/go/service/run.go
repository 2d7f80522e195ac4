package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"flash-deal/packages/go/config"
)

// Environment is the environment of a process.
type Environment struct {
	Lookup    config.Lookup
	Scenarios config.Scenarios
}

// Setup builds a service from its environment. It also returns the port.
type Setup func(ctx context.Context, environment Environment) (app *Service, port int, err error)

// metricsPortOffset is the offset of the port of the metrics from the port of the service.
const metricsPortOffset = 1_000

const headersTimeout = 10 * time.Second

// Run is the process of a service in Go: settings, listening, signals. With invalid settings it prints a
// message and exits with 1.
func Run(name string, setup Setup) {
	if err := run(name, setup); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string, setup Setup) error {
	if port := probedPort(); port != "" {
		return probe(port)
	}
	config.KeepLibrariesOff()
	scenarios, err := config.ResolveScenarios(os.Environ())
	if err != nil {
		return err
	}
	if err := scenarios.CheckInGo(name); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	app, port, err := setup(ctx, Environment{os.Getenv, scenarios})
	if err != nil {
		return err
	}
	return app.listen(ctx, port)
}

// listen serves requests until the context is done, then drains.
func (s *Service) listen(ctx context.Context, port int) error {
	listener, err := net.Listen("tcp", s.address(port))
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.address(port), err)
	}
	metricsListener, err := net.Listen("tcp", s.address(port+metricsPortOffset))
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.address(port+metricsPortOffset), err)
	}
	server, metrics := s.server(), s.Metrics.server()
	go func() { _ = metrics.Serve(metricsListener) }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.limited(listener)) }()
	endRounds := s.startRounds()
	s.Log.Info("Server listening at http://" + listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.drain(server, endRounds)
	return errors.Join(metrics.Close())
}

func (s *Service) address(port int) string {
	return net.JoinHostPort(s.settings.Host, strconv.Itoa(port))
}

func (s *Service) server() *http.Server {
	requestTimeout := time.Duration(s.settings.RequestTimeoutMs) * time.Millisecond
	return &http.Server{
		Handler:           s,
		ConnContext:       withConn,
		ReadHeaderTimeout: min(time.Duration(s.settings.HeadersTimeoutMs)*time.Millisecond, requestTimeout),
		ReadTimeout:       requestTimeout,
		// Longer than the keep-alive of the callers, so that the caller closes an idle connection.
		IdleTimeout: 72 * time.Second,
		// net/http reads 4,096 bytes more than its limit.
		MaxHeaderBytes: max(1, s.settings.HeadersLimitBytes-4_096),
		ErrorLog:       slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
}

func (s *Service) startRounds() (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, each := range s.rounds {
		running.Go(func() { s.repeat(ctx, each) })
	}
	return func() { cancel(); running.Wait() }
}

// drainWithin is the timeout of the whole shutdown.
const drainWithin = 9_500 * time.Millisecond

// drain fails readiness first, then completes the requests in progress, then closes.
func (s *Service) drain(server *http.Server, endRounds func()) {
	limit, cancel := context.WithTimeout(context.Background(), drainWithin)
	defer cancel()
	s.Log.Info("Draining")
	s.isDraining.Store(true)
	pause(limit, time.Duration(s.settings.DrainMs)*time.Millisecond)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.close(limit, server, endRounds)
	}()
	select {
	case <-closed:
	case <-limit.Done():
		s.Log.Warn("Not everything ended in time")
	}
}

// close ends the rounds and the requests in progress, then calls the closers.
func (s *Service) close(limit context.Context, server *http.Server, endRounds func()) {
	var rounds sync.WaitGroup
	rounds.Go(endRounds)
	if err := server.Shutdown(limit); err != nil {
		s.Log.Warn("Requests did not end in time", "detail", err.Error())
		_ = server.Close()
	}
	rounds.Wait()
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
	s.stopSpans()
}
