import { sum } from '../stats/mean.ts'

/** Reads the metrics of an instance. */
export type ScrapedMetrics = {
  /** Of its scenario, by event. */
  witnesses: Record<string, number>
  /** Of its event loop, since it started. */
  activeMs: number
  idleMs: number
  /** That statements waited for a connection, summed, since it started. */
  waitedMs: number
}

const waited = /^postgres_waiting_seconds_sum\{pool="\w+"\} (\S+)$/gm

export const scrapeMetrics = async (
  metricsAddress: string,
  scenario: string,
): Promise<ScrapedMetrics> => {
  const page = await (await fetch(`${metricsAddress}/metrics`)).text()
  const events = page.matchAll(/^scenario_witness_total\{scenario="(\w+)",event="(\w+)"\} (\S+)$/gm)
  const loop = (state: string): number => {
    const [, value = '0'] =
      new RegExp(`^nodejs_eventloop_milliseconds\\{state="${state}"\\} (\\S+)$`, 'm').exec(page) ??
      []
    return Number(value)
  }
  return {
    witnesses: Object.fromEntries(
      [...events]
        .filter(([, id]) => id === scenario)
        .map(([, , event = '', value]) => [event, Number(value)]),
    ),
    activeMs: loop('active'),
    idleMs: loop('idle'),
    waitedMs: sum(Array.from(page.matchAll(waited), ([, seconds]) => Number(seconds) * 1_000)),
  }
}
