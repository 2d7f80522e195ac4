import type { Topic } from '@flash-deal/contracts/events'
import fc from 'fast-check'
import { type Fate, fates } from './steps.ts'
import { History, type Key, type Offer, pasts, type World } from './world.ts'

/** Random histories: the events, their order, and the fate of each step. */

type Nothing = Record<never, never>
type Event = fc.AsyncCommand<Nothing, History>

const event = (name: string, run: (history: History) => Promise<unknown>): Event => ({
  check: () => true,
  run: async (_, history) => void (await run(history)),
  toString: () => name,
})

const always = (name: string, run: (history: History) => Promise<unknown>) =>
  fc.constant(event(name, run))

const client = fc.constantFrom(0, 0, 0, 1)
const key = fc.constantFrom<Key>('a', 'a', 'a', 'a', 'a', 'a', 'b', undefined)
const index = fc.nat({ max: 3 })

const buying = fc
  .tuple(client, key)
  .map(([who, under]) => event(`buy(${who}, ${under})`, (history) => history.buy(who, under)))

/** A retry after the lease of the previous attempt. */
const buyingAgain = client.map((who) =>
  event(`buy again(${who}, a)`, async (history) => {
    await history.leasesEnd()
    await history.buy(who, 'a')
  }),
)

const cancelling = index.map((at) => event(`cancel(${at})`, (history) => history.cancel(at)))
const arriving = index.map((at) => event(`arrive(${at})`, (history) => history.arrive(at)))

const fate = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>('done') },
  { weight: 1, arbitrary: fc.constantFrom(...fates) },
)
const dies = fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true))

const stepping = fc
  .record({ at: index, steps: fc.integer({ min: 1, max: 3 }), fate, dies })
  .map(({ at, steps, ...turn }) =>
    event(`step(${at}, ${steps}, ${turn.fate}${turn.dies ? ', dies' : ''})`, (history) =>
      history.step(at, steps, turn),
    ),
  )

/** Mostly steps: a history that only starts actors does nothing. */
const weighted: fc.WeightedArbitrary<Event>[] = [
  { weight: 5, arbitrary: buying },
  { weight: 3, arbitrary: buyingAgain },
  { weight: 2, arbitrary: cancelling },
  { weight: 2, arbitrary: always('sweep', (history) => history.sweep()) },
  { weight: 2, arbitrary: always('relay', (history) => history.relay()) },
  { weight: 2, arbitrary: arriving },
  { weight: 3, arbitrary: always('leases end', (history) => history.leasesEnd()) },
  { weight: 1, arbitrary: always('deal ends', (history) => history.dealEnds()) },
  { weight: 2, arbitrary: always('retention', (history) => history.retain()) },
  { weight: 1, arbitrary: always('a day passes', (history) => history.dayPasses()) },
  { weight: 25, arbitrary: stepping },
]

const size = fc.integer({ min: 1, max: 3 })

const consuming = (topic: Topic) =>
  size.map((count) => event(`consume(${topic}, ${count})`, (it) => it.consume(topic, count)))

const looking = index.map((at) => event(`look(${at})`, (history) => history.look(at)))

/** With H2 also batches of the log, rounds of the recovery, and buyers who read orders. */
const weightedAsync: fc.WeightedArbitrary<Event>[] = [
  ...weighted,
  { weight: 5, arbitrary: consuming('orders-accepted') },
  { weight: 2, arbitrary: consuming('order-events') },
  { weight: 2, arbitrary: always('recovery', (history) => history.recover()) },
  { weight: 3, arbitrary: looking },
]

const offer: fc.Arbitrary<Offer> = fc.record({
  stock: fc.integer({ min: 1, max: 2 }),
  limit: fc.constantFrom(1, 2, undefined),
  past: fc.constantFrom(...pasts),
})

export type Run = {
  seed: number
  /** The number of the first history, 0 by default. */
  first?: number
  histories: number
  /** Which errors count; all by default. */
  wanted?: string
  /** Whether to search for the shortest history that fails in the same way; true by default. */
  shrink?: boolean
}

/** @returns the shortest failing history with its seed; undefined if none fails */
export const runHistories = async (
  shop: World,
  { seed, first = 0, histories, wanted = '', shrink = true }: Run,
): Promise<string> => {
  const events = fc.oneof(...(shop.log ? weightedAsync : weighted))
  const commands = fc.commands([events], { maxCommands: 60, size: 'max' })
  const property = fc.asyncProperty(offer, commands, async (offered, all) => {
    let history: History | undefined
    const setup = async () => {
      history = await History.begin(shop, offered)
      return { model: {}, real: history }
    }
    await fc.asyncModelRun(setup, all)
    const wrong = ((await history?.end()) ?? []).filter((each) => each.includes(wanted))
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
  })
  const details = await fc.check(property, {
    seed,
    path: String(first),
    numRuns: histories,
    endOnFailure: !shrink,
  })
  return [fc.defaultReportMessage(details), messageOf(details.errorInstance)]
    .filter((text) => text !== undefined)
    .join('\n\n')
}

const messageOf = (error: unknown): string | undefined =>
  error instanceof Error ? error.message : undefined
