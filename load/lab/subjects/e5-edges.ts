import type { Stack } from '@flash-deal/local/stack'
import { layout } from '../cores.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import type { Outcome, Template } from '../generator/protocol.ts'
import { scrapeMetrics } from '../probes/scrape.ts'
import type { Counted } from '../record.ts'
import { histogramQuantile } from '../stats/histogram.ts'
import { sum } from '../stats/mean.ts'
import { largeShop } from './e5-large.ts'
import { type Shop, shopBeside } from './shop-beside.ts'
import type { Extent } from './subject.ts'

/**
 * What the curve at one number of clients does not show: from how many clients on errors occur, and
 * which requests wait for slow statements. Measured once, so it gives no verdict.
 */

const extents = {
  full: { clients: [64, 256, 1_024, 2_048], durationMs: 3_000 },
  smoke: { clients: [64], durationMs: 300 },
}

/** From the fewest connections to the most, and the one with two pools. */
const variants = ['1', '4', 'baseline', '64', 'optimized']

const metricsOffset = 1_000

/** @param templatesAt what is asked of a service at an address */
export const edgesSeen = async (
  stack: Stack,
  extent: Extent,
  templatesAt: (address: string) => Promise<Template[]>,
): Promise<Counted[]> => {
  const generator = startGenerator(extent === 'full' ? layout.generator : undefined)
  const { clients, durationMs } = extents[extent]
  const counted: Counted[] = []
  try {
    for (const variant of variants) {
      const shop = await shopBeside(stack, 'E5', variant)
      const templates = await templatesAt(shop.address)
      const loadOf = (connections: number): Load => ({
        ...{ port: shop.port, connections, durationMs, templates },
      })
      // So that it is warm.
      await generator.run(loadOf(64))
      for (const each of clients) counted.push(await loadedRow(generator, shop, loadOf(each)))
      await stack.supervisor.stop(shop.name)
    }
    for (const variant of variants) {
      const shop = await shopBeside(stack, 'E5', variant, stack.settingsFor(largeShop))
      counted.push(await besideSlow(generator, shop, durationMs))
      await stack.supervisor.stop(shop.name)
    }
    return counted
  } finally {
    generator.end()
  }
}

type Load = Parameters<Generator['run']>[0]

const loadedRow = async (generator: Generator, shop: Shop, load: Load): Promise<Counted> => {
  const before = await waitedMs(shop)
  const outcome = await generator.run(load)
  const waited = (await waitedMs(shop)) - before
  const refused = outcome.requests - (outcome.statuses['200'] ?? 0) + sum(lostIn(outcome))
  return {
    kind: 'counted',
    table: 'From how many clients on there are errors',
    row: `${nameOf(shop)}, ${load.connections.toLocaleString('en')} clients`,
    per: 1,
    also: {
      'answers a second': perSecond(outcome),
      'p95, ms': { counted: p95Of(outcome), per: 1 },
      'ms of waiting for a connection': { counted: waited, per: outcome.requests },
      'of 100 not answered with 200': { counted: 100 * refused, per: outcome.requests },
    },
  }
}

const lostIn = ({ errors }: Outcome): number[] => Object.values(errors)

const nameOf = ({ variant }: Shop): string =>
  ['baseline', 'optimized'].includes(variant) ? variant : `at most ${variant}`

const waitedMs = async ({ port }: Shop): Promise<number> =>
  (await scrapeMetrics(`http://127.0.0.1:${port + metricsOffset}`, 'E5')).waitedMs

/** Clients that read single products, while others read pages of a long list. */
const besideSlow = async (
  generator: Generator,
  shop: Shop,
  durationMs: number,
): Promise<Counted> => {
  const quick = await productsOf(shop)
  const slow = [wire('/products'), wire('/products?page=2')]
  const together = (connections: number, templates: Template[]): Load => ({
    ...{ port: shop.port, connections, durationMs, templates },
  })
  await generator.run(together(8, quick))
  const [first, second] = await Promise.all([
    generator.run(together(8, quick)),
    generator.run(together(8, slow)),
  ])
  return {
    kind: 'counted',
    table: 'Quick statements beside slow ones: 8 clients with either',
    row: nameOf(shop),
    per: 1,
    also: {
      'products a second': perSecond(first),
      'p95 of a product, ms': { counted: p95Of(first), per: 1 },
      'pages a second': perSecond(second),
    },
  }
}

const productsOf = async ({ address }: Shop): Promise<Template[]> => {
  const { items } = (await (await fetch(`${address}/products`)).json()) as {
    items: { id: string }[]
  }
  return items.map(({ id }) => wire(`/products/${id}`))
}

const wire = (path: string): Template => ({
  wire: `GET ${path} HTTP/1.1\r\nhost: lab\r\naccept: application/json\r\n\r\n`,
  status: 200,
  contains: '"id"',
})

const perSecond = ({ completed, elapsedMs }: Outcome) => ({
  counted: 1_000 * completed,
  per: elapsedMs,
})

const p95Of = ({ latency }: Outcome): number => histogramQuantile(latency.histogram, 0.95) ?? 0
