package service

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"flash-deal/packages/go/apierror"
)

// dependency is a server that the service needs.
type dependency struct {
	name  string
	check func(ctx context.Context) error

	mutex sync.Mutex
	away  string // The last cause; empty while it is available.
}

// AddReadinessCheck adds a dependency to readiness. The check returns the cause if it is unavailable.
func (s *Service) AddReadinessCheck(name string, check func(ctx context.Context) error) {
	s.dependencies = append(s.dependencies, &dependency{name: name, check: check})
}

type healthBody struct {
	Status    string            `json:"status"`
	Service   string            `json:"service"`
	Scenarios map[string]string `json:"scenarios"`
}

// health is the liveness check: it does not check dependencies.
func (s *Service) health(context.Context, *Request) (any, error) {
	return healthBody{"healthy", s.name + "-service", s.shownScenarios()}, nil
}

// ShowScenario is for a scenario that the flag alone does not decide: /health shows what the function
// returns.
func (s *Service) ShowScenario(id string, variant func() string) { s.shown[id] = variant }

func (s *Service) shownScenarios() map[string]string {
	shown := maps.Clone(s.scenarios)
	for id, variant := range s.shown {
		shown[id] = variant()
	}
	return shown
}

type readyBody struct {
	Status       string            `json:"status"`
	Service      string            `json:"service"`
	Dependencies map[string]string `json:"dependencies"`
}

// ready is the readiness check: it checks every dependency and returns the unavailable ones with the
// causes.
func (s *Service) ready(ctx context.Context, _ *Request) (any, error) {
	if s.isDraining.Load() {
		return nil, notReady(apierror.Details{{Field: "service", Value: "stopping"}})
	}
	causes := s.checkAll(ctx)
	up := map[string]string{}
	away := apierror.Details{}
	for i, each := range s.dependencies {
		up[each.name] = "up"
		if causes[i] != "" {
			away = append(away, apierror.Detail{Field: each.name, Value: causes[i]})
		}
	}
	if len(away) > 0 {
		return nil, notReady(away)
	}
	return readyBody{"ready", s.name + "-service", up}, nil
}

// checkWithin is the timeout of one check. Most checks have a shorter timeout of their own.
const checkWithin = 2_500 * time.Millisecond

func (s *Service) checkAll(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	causes := make([]string, len(s.dependencies))
	var all sync.WaitGroup
	for i, each := range s.dependencies {
		all.Go(func() { causes[i] = s.ask(ctx, each) })
	}
	all.Wait()
	return causes
}

func (s *Service) ask(ctx context.Context, each *dependency) (cause string) {
	err := each.check(ctx)
	if err != nil {
		cause = apierror.BriefCause(err)
	}
	each.mutex.Lock()
	defer each.mutex.Unlock()
	// Logs changes only: readiness is polled every second.
	switch {
	case cause == each.away:
	case cause == "":
		s.Log.Info("A dependency is back", "dependency", each.name)
	default:
		s.Log.Warn("A dependency is away", "dependency", each.name, "cause", cause, "detail", err.Error())
	}
	each.away = cause
	return cause
}

func notReady(away apierror.Details) error {
	names := make([]string, len(away))
	for i, each := range away {
		names[i] = each.Field
	}
	return apierror.New(apierror.ServiceUnavailable).
		WithMessage("Not ready: " + strings.Join(names, ", ") + ".").
		WithDetails(away)
}
