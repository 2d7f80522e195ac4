import { periodically, RecentlyUsed, runInSequence } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { SingleFlight } from '../../domain/single-flight.ts'
import { type DealQuery, readDealPage } from '../../storage/deal-page.ts'
import { type Ahead, readBoundaries } from './boundaries.ts'
import { DatabaseClock } from './database-clock.ts'
import type { CachedPage, PageStore, Period, StoredPages } from './page-store.ts'
import type { DealList, Serialize } from './seam.ts'

/** The lifetime of a page, in milliseconds. */
const lifeMs = 1_000

/** The maximum time before a boundary at which its pages are read ahead. */
const leadMs = 1_000

/** The interval of the checks for boundaries: two checks within the lead, in case one fails. */
const warmEveryMs = 500

/** Pages are read ahead if they were requested within a minute, up to a maximum number. */
const recentMs = 60_000
const recentMax = 20

/** Pages from the cache or from the database, read ahead before a deal opens. */
export const cachedDealList = (app: FastifyInstance, where: string, pages: PageStore): DealList => {
  const deals = new CachedDeals(app, where, pages)
  app.register(periodically, {
    name: 'warm deal list',
    intervalMs: warmEveryMs,
    // Pages that other processes have stored can be used only once the database's clock is known.
    runAtStart: true,
    work: (stopping) => deals.warm(stopping),
  })
  return deals
}

type RecentRequest = { query: DealQuery; serialize: Serialize; at: number }

/**
 * A page is valid from one boundary to the next: the times at which deals open or end, by the
 * database's clock. It is stored with that period, for at most its lifetime.
 */
class CachedDeals implements DealList {
  readonly #db: FastifyInstance['db']
  readonly #pages: PageStore
  readonly #count: Record<'hit' | 'miss' | 'database' | 'warmed' | 'inDoubt', () => void>
  readonly #clock = new DatabaseClock()
  readonly #flights = new SingleFlight<CachedPage>()
  readonly #recent = new RecentlyUsed<string, RecentRequest>(recentMax)

  constructor({ db, witness }: FastifyInstance, where: string, pages: PageStore) {
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
    // A read in progress may have started before a boundary that this request arrived after.
    return (isJoined && latest >= page.until ? await fly() : page).bytes
  }

  async invalidate(): Promise<void> {
    this.#flights.forget()
    await this.#pages.invalidate()
  }

  /** Reads the pages for the time after the next boundary, if it is near. @throws if PostgreSQL is unavailable */
  async warm(stopping?: AbortSignal): Promise<void> {
    const generation = await this.#pages.generation()
    const { at, next, afterNext } = await this.#look()
    if (generation === undefined || next > at + leadMs) return
    const period = { from: next, until: Math.min(afterNext, next + lifeMs) }
    await runInSequence(
      [...this.#recent],
      async ([key, request]) => {
        const kept = await this.#pages.read(key)
        if (kept === undefined || kept.next?.from === next || isLongAgo(request)) return
        this.#count.warmed()
        await this.#pages.write(key, 'next', await this.#read(request, next, period), generation)
      },
      stopping,
    )
  }

  async #find(
    key: string,
    request: Pick<RecentRequest, 'query' | 'serialize'>,
  ): Promise<CachedPage> {
    const recent = { ...request, at: performance.now() }
    this.#recent.set(key, recent)
    const kept = await this.#pages.read(key)
    const page = kept && (await this.#timely(kept))
    if (page) {
      this.#count.hit()
      return page
    }
    if (kept) this.#count.miss()
    const read = await this.#readNow(recent)
    // The write to the cache is not awaited.
    if (kept) void this.#pages.write(key, 'now', read, kept.generation)
    return read
  }

  /** The page that is valid now. If this is uncertain, the page is read from the database. */
  async #timely({ now, next }: StoredPages): Promise<CachedPage | undefined> {
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

  async #readNow(request: RecentRequest): Promise<CachedPage> {
    this.#count.database()
    const { at, next } = await this.#look()
    // A later request that finds the page cached may estimate an earlier time, so the period starts
    // before `at`. It is at most one lifetime, in case the clock is set back.
    return this.#read(request, at, { from: at - lifeMs, until: Math.min(next, at + lifeMs) })
  }

  /** Reads a page as of a time. It is valid in a period around that time. */
  async #read(
    { query, serialize }: RecentRequest,
    at: number,
    { from, until }: Period,
  ): Promise<CachedPage> {
    const page = await readDealPage(this.#db, query, at)
    // Deals that were created since the last check for boundaries may be on it already.
    const boundaries = page.items
      .flatMap(({ starts_at, ends_at }) => [starts_at.getTime(), ends_at.getTime()])
      .filter((boundary) => boundary > at)
    return { from, until: Math.min(until, ...boundaries), bytes: serialize(page) }
  }

  #look(): Promise<Ahead> {
    const ask = () => readBoundaries(this.#db, leadMs + lifeMs)
    return this.#clock.read(ask, ({ at }) => at)
  }
}

const keyOf = ({ page, size, status }: DealQuery): string => `${status ?? ''}:${page}:${size}`

const isLongAgo = ({ at }: RecentRequest): boolean => performance.now() - at > recentMs
