import { metricsPortOffset } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import { layout } from '../cores.ts'
import { repeated, type Trial } from '../counted/repeated.ts'
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
 * Complements the curve, which has one number of clients: the number of clients from which errors
 * occur, and the requests that wait for slow statements. Five runs of three seconds in random order,
 * without a verdict.
 */

const extents = {
  full: { clients: [64, 256, 1_024, 2_048], durationMs: 3_000, runs: 5 },
  smoke: { clients: [64], durationMs: 300, runs: 1 },
}

/** The smallest and the largest pool, and the variant with two pools. */
const variants = ['1', '4', 'baseline', '64', 'optimized']

/** @param templatesAt the requests to a service at an address */
export const edgesSeen = async (
  stack: Stack,
  extent: Extent,
  templatesAt: (address: string) => Promise<Template[]>,
): Promise<Counted[]> => {
  const generator = startGenerator(extent === 'full' ? layout.generator : undefined)
  try {
    return [
      ...(await errorsSeen({ stack, generator, extent }, templatesAt)),
      ...(await slowBeside({ stack, generator, extent })),
    ]
  } finally {
    generator.end()
  }
}

type Stage = { stack: Stack; generator: Generator; extent: Extent }
type Load = Parameters<Generator['run']>[0]

/** The seed of the order of runs. */
const seed = 5

const errorsSeen = async (
  { stack, generator, extent }: Stage,
  templatesAt: (address: string) => Promise<Template[]>,
): Promise<Counted[]> => {
  const { clients, durationMs, runs } = extents[extent]
  const trials: Trial[] = []
  const shops: Shop[] = []
  for (const variant of variants) {
    const shop = await shopBeside(stack, 'E5', variant)
    shops.push(shop)
    const templates = await templatesAt(shop.address)
    const loadOf = (connections: number): Load => ({
      ...{ port: shop.port, connections, durationMs, templates },
    })
    // Warm-up.
    await generator.run(loadOf(64))
    trials.push(...clients.map((each) => loadedTrial(generator, shop, loadOf(each))))
  }
  const counted = await repeated(trials, seed, runs)
  await stopAll(stack, shops)
  return counted
}

const stopAll = async ({ supervisor }: Stack, shops: readonly Shop[]): Promise<void> => {
  for (const { name } of shops) await supervisor.stop(name)
}

const loadedTrial = (generator: Generator, shop: Shop, load: Load): Trial => ({
  table: 'From how many clients on there are errors',
  row: `${nameOf(shop)}, ${load.connections.toLocaleString('en')} clients`,
  run: async () => {
    const before = await waitedMs(shop)
    const outcome = await generator.run(load)
    const waited = (await waitedMs(shop)) - before
    const lost = sum(lostIn(outcome))
    const sent = outcome.requests + lost
    const refused = (sent - outcome.completed) / Math.max(1, sent)
    const figures = {
      'responses per second': perSecond(outcome),
      'p95 of expected responses, ms': p95Of(outcome),
      'ms of waiting for a connection': waited / Math.max(1, outcome.requests),
      'per cent rejected': 100 * refused,
    }
    return { figures, refused }
  },
})

const lostIn = ({ errors }: Outcome): number[] => Object.values(errors)

const nameOf = ({ variant }: Shop): string =>
  ['baseline', 'optimized'].includes(variant) ? variant : `at most ${variant}`

const waitedMs = async ({ port }: Shop): Promise<number> =>
  (await scrapeMetrics(`http://127.0.0.1:${port + metricsPortOffset}`, 'E5')).waitedMs

/** Clients that read single products while others read pages of a long list. */
const slowBeside = async ({ stack, generator, extent }: Stage): Promise<Counted[]> => {
  const { durationMs, runs } = extents[extent]
  const trials: Trial[] = []
  const shops: Shop[] = []
  for (const variant of variants) {
    const shop = await shopBeside(stack, 'E5', variant, stack.settingsFor(largeShop))
    shops.push(shop)
    trials.push(await besideTrial(generator, shop, durationMs))
  }
  const counted = await repeated(trials, seed, runs)
  await stopAll(stack, shops)
  return counted
}

const besideTrial = async (
  generator: Generator,
  shop: Shop,
  durationMs: number,
): Promise<Trial> => {
  const quick = await productsOf(shop)
  const slow = [wire('/products'), wire('/products?page=2')]
  const together = (connections: number, templates: Template[]): Load => ({
    ...{ port: shop.port, connections, durationMs, templates },
  })
  await generator.run(together(8, quick))
  return {
    table: 'Quick statements beside slow ones: 8 clients with either',
    row: nameOf(shop),
    run: async () => {
      const [first, second] = await Promise.all([
        generator.run(together(8, quick)),
        generator.run(together(8, slow)),
      ])
      const figures = {
        'products a second': perSecond(first),
        'p95 of a product, ms': p95Of(first),
        'pages a second': perSecond(second),
      }
      const sent = first.requests + second.requests
      return { figures, refused: 1 - (first.completed + second.completed) / Math.max(1, sent) }
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

const perSecond = ({ completed, elapsedMs }: Outcome): number => (1_000 * completed) / elapsedMs

const p95Of = ({ accepted }: Outcome): number =>
  histogramQuantile(accepted?.histogram ?? {}, 0.95) ?? 0
