import { sum } from '../stats/mean.ts'

/** The metrics of an instance that the lab reads. */
export type ScrapedMetrics = {
  /** Witnesses of its scenario, by event. */
  witnesses: Record<string, number>
  /** Milliseconds of its event loop since the start. */
  activeMs: number
  idleMs: number
  /** Milliseconds that statements waited for a connection, summed since the start. */
  waitedMs: number
}

const witness = /^scenario_witness_total\{([^}]*)\} (\S+)$/gm

/** Labels are in the order of registration in Node, and in alphabetical order in Go. */
const witnessesIn = (page: string, scenario: string): Record<string, number> =>
  Object.fromEntries(
    Array.from(page.matchAll(witness), ([, labels = '', value]) => ({ labels, value }))
      .filter(({ labels }) => labelIn(labels, 'scenario') === scenario)
      .map(({ labels, value }) => [labelIn(labels, 'event'), Number(value)]),
  )

const labelIn = (labels: string, name: string): string =>
  new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? ''

const waited = /^postgres_waiting_seconds_sum\{pool="\w+"\} (\S+)$/gm

export const scrapeMetrics = async (
  metricsAddress: string,
  scenario: string,
): Promise<ScrapedMetrics> => {
  const page = await (await fetch(`${metricsAddress}/metrics`)).text()
  const loop = (state: string): number => {
    const [, value = '0'] =
      new RegExp(`^nodejs_eventloop_seconds_total\\{state="${state}"\\} (\\S+)$`, 'm').exec(page) ??
      []
    return Number(value) * 1_000
  }
  return {
    witnesses: witnessesIn(page, scenario),
    activeMs: loop('active'),
    idleMs: loop('idle'),
    waitedMs: sum(Array.from(page.matchAll(waited), ([, seconds]) => Number(seconds) * 1_000)),
  }
}
