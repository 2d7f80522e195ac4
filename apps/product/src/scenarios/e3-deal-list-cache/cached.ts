import { eachInTurn, periodically } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { BoundedMap } from '../../domain/bounded-map.ts'
import { type DealQuery, readDealPage } from '../../domain/deal-page.ts'
import { SingleFlight } from '../../domain/single-flight.ts'
import { type Ahead, readBorders } from './borders.ts'
import { DatabaseClock } from './database-clock.ts'
import type { Kept, KeptPage, KeptPages, Period } from './kept-pages.ts'
import type { DealList, Serialize } from './seam.ts'

/** For how long a page may be shown, in milliseconds. */
const lifeMs = 1_000

/** How long before a border the pages of after it are read, at most. */
const leadMs = 1_000

/** The pause between two looks at what is ahead; twice in the lead, in case that one fails. */
const warmEveryMs = 500

/** Pages are read ahead if they were asked for within a minute, and so many at most. */
const latelyMs = 60_000
const latelyMax = 20

/** Pages from where they are kept, or else from the database, warm before a deal opens. */
export const cached = (app: FastifyInstance, where: string, pages: KeptPages): DealList => {
  const deals = new CachedDeals(app, where, pages)
  app.register(periodically, {
    name: 'warm deal list',
    intervalMs: warmEveryMs,
    // What others have kept can be used only once the database's clock is known.
    runAtStart: true,
    work: (stopping) => deals.warm(stopping),
  })
  return deals
}

type Asked = { query: DealQuery; serialize: Serialize; at: number }

/**
 * A page is right from one border to the next: the moments when deals open or end, by the
 * database's clock. It is kept together with that period, and no longer than its life.
 */
class CachedDeals implements DealList {
  readonly #db: FastifyInstance['db']
  readonly #pages: KeptPages
  readonly #count: Record<'hit' | 'miss' | 'database' | 'warmed' | 'inDoubt', () => void>
  readonly #clock = new DatabaseClock()
  readonly #flights = new SingleFlight<KeptPage>()
  readonly #lately = new BoundedMap<string, Asked>(latelyMax)

  constructor({ db, witness }: FastifyInstance, where: string, pages: KeptPages) {
    this.#db = db
    this.#pages = pages
    this.#count = {
      hit: witness('E3', `${where}_hit`),
      miss: witness('E3', `${where}_miss`),
      database: witness('E3', 'database'),
      warmed: witness('E3', 'warmed'),
      inDoubt: witness('E3', 'in_doubt'),
    }
  }

  async page(query: DealQuery, serialize: Serialize): Promise<string | Buffer> {
    const key = keyOf(query)
    const fly = () => this.#flights.do(key, () => this.#find(key, { query, serialize }))
    const isJoined = this.#flights.has(key)
    const { latest } = this.#clock.now()
    const page = await fly()
    // A flight that was under way may have been before a border that this request came after.
    return (isJoined && latest >= page.until ? await fly() : page).bytes
  }

  async invalidate(): Promise<void> {
    this.#flights.forget()
    await this.#pages.invalidate()
  }

  /** Reads the pages of after the next border, if that is near. @throws where PostgreSQL is away */
  async warm(stopping?: AbortSignal): Promise<void> {
    const generation = await this.#pages.generation()
    const { at, next, afterNext } = await this.#look()
    if (generation === undefined || next > at + leadMs) return
    const period = { from: next, until: Math.min(afterNext, next + lifeMs) }
    await eachInTurn(
      [...this.#lately],
      async ([key, asked]) => {
        const kept = await this.#pages.read(key)
        if (kept === undefined || kept.next?.from === next || isLongAgo(asked)) return
        this.#count.warmed()
        await this.#pages.write(key, 'next', await this.#read(asked, next, period), generation)
      },
      stopping,
    )
  }

  async #find(key: string, request: Pick<Asked, 'query' | 'serialize'>): Promise<KeptPage> {
    const asked = { ...request, at: performance.now() }
    this.#lately.set(key, asked)
    const kept = await this.#pages.read(key)
    const page = kept && (await this.#timely(kept))
    if (page) {
      this.#count.hit()
      return page
    }
    if (kept) this.#count.miss()
    const read = await this.#readNow(asked)
    // Nobody waits for it to be kept.
    if (kept) void this.#pages.write(key, 'now', read, kept.generation)
    return read
  }

  /** The page that is right now. While only the database knows which one that is, it is asked. */
  async #timely({ now, next }: Kept): Promise<KeptPage | undefined> {
    let time = this.#clock.now()
    while (next && time.earliest < next.from && next.from <= time.latest) {
      this.#count.inDoubt()
      await this.#look()
      time = this.#clock.now()
    }
    return [next, now].find(
      (page) => page && page.from <= time.earliest && time.latest < page.until,
    )
  }

  async #readNow(asked: Asked): Promise<KeptPage> {
    this.#count.database()
    const { at, next } = await this.#look()
    // Whoever finds it kept comes later, though perhaps not by what is known of the clock. When the
    // clock is set back, it is not kept for long.
    return this.#read(asked, at, { from: at - lifeMs, until: Math.min(next, at + lifeMs) })
  }

  /** Reads a page as of a moment, that is right in a period around it. */
  async #read({ query, serialize }: Asked, at: number, { from, until }: Period): Promise<KeptPage> {
    const page = await readDealPage(this.#db, query, at)
    // Deals that were made since somebody looked for borders may be on it already.
    const borders = page.items
      .flatMap(({ starts_at, ends_at }) => [starts_at.getTime(), ends_at.getTime()])
      .filter((border) => border > at)
    return { from, until: Math.min(until, ...borders), bytes: serialize(page) }
  }

  #look(): Promise<Ahead> {
    const ask = () => readBorders(this.#db, leadMs + lifeMs)
    return this.#clock.read(ask, ({ at }) => at)
  }
}

const keyOf = ({ page, size, status }: DealQuery): string => `${status ?? ''}:${page}:${size}`

const isLongAgo = ({ at }: Asked): boolean => performance.now() - at > latelyMs
