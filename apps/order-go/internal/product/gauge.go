package product

import (
	"github.com/prometheus/client_golang/prometheus"

	"flash-deal/packages/go/service"
)

// showBreakers exports the state of each breaker as circuit_breaker_state.
func showBreakers(app *service.Service, guard *Guarded) {
	for call := range guard.States() {
		for _, state := range stateNames {
			app.Metrics.Registry.MustRegister(stateGauge(guard, call, state))
		}
	}
}

func stateGauge(guard *Guarded, call, state string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "circuit_breaker_state",
		Help:        "State of the breaker of an internal call: 1 for the current state, 0 for the others",
		ConstLabels: prometheus.Labels{"call": call, "state": state},
	}, func() float64 {
		if guard.States()[call] == state {
			return 1
		}
		return 0
	})
}
