import { Gauge, type Registry } from 'prom-client'

/** What a queue or a limit holds at the moment: a number for each state. */
type Loaded = { readonly load: Readonly<Record<string, number>> }

export type LoadGauge = {
  name: string
  help: string
  /** The label with the names of the loads. The other label is `state`. */
  label: string
}

/** Exports loads as a gauge, which is read on each scrape. */
export const showLoads = (
  registry: Registry,
  { name, help, label }: LoadGauge,
  loads: Readonly<Record<string, Loaded>>,
): void => {
  new Gauge({
    ...{ name, help, labelNames: [label, 'state'], registers: [registry] },
    collect() {
      for (const [each, { load }] of Object.entries(loads))
        for (const [state, number] of Object.entries(load))
          this.set({ [label]: each, state }, number)
    },
  })
}
