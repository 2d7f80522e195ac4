import { Gauge, type Registry } from 'prom-client'
import type { Bulkhead } from './bulkhead.ts'

type Loaded = Pick<Bulkhead, 'load'>

/** Exports the running and waiting requests of each bulkhead as `route_class_requests`. */
export const showRouteClasses = (
  registry: Registry,
  classes: Readonly<Record<string, Loaded>>,
): void => {
  new Gauge({
    name: 'route_class_requests',
    help: 'Requests of a class that a service processes, and that wait for a service',
    labelNames: ['class', 'state'],
    registers: [registry],
    collect() {
      for (const [name, { load }] of Object.entries(classes)) {
        this.set({ class: name, state: 'running' }, load.running)
        this.set({ class: name, state: 'waiting' }, load.waiting)
      }
    },
  })
}
