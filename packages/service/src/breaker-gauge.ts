import { Gauge, type Registry } from 'prom-client'

const states = ['closed', 'open', 'half_open'] as const

export type BreakerState = (typeof states)[number]

/** Exports the state of several circuit breakers as `circuit_breaker_state`. */
export const showBreakers = (
  registry: Registry,
  breakers: Readonly<Record<string, { readonly state: BreakerState }>>,
): void => {
  new Gauge({
    name: 'circuit_breaker_state',
    help: 'State of the breaker of an internal call: 1 for the current state, 0 for the others',
    labelNames: ['call', 'state'],
    registers: [registry],
    collect() {
      for (const [call, breaker] of Object.entries(breakers)) {
        for (const state of states) this.set({ call, state }, breaker.state === state ? 1 : 0)
      }
    },
  })
}
