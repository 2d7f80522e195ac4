import { Bulkhead, type Deadline } from '@flash-deal/service'
import postgres from 'postgres'
import { listText, uuidList } from './lists.ts'
import { LostConnectionGuard } from './lost-connection-guard.ts'
import { fromPostgres, isRetryable } from './postgres-error.ts'
import { onQueryStart } from './query-start.ts'
import type { Next, Queryable, Rows, Statement, Work } from './queryable.ts'
import { TimeLimit } from './time-limit.ts'

/** How many connections, and how many statements on one at a time. */
export type PoolSize = {
  /** Connections at most, from 1 on; each is opened when there is something for it to do. */
  max: number
  /**
   * Whether statements are sent after the first one on a connection, before that is answered, where
   * no connection is free. Without it there are no transactions.
   */
  pipelines: boolean
}

export type PoolOptions = PoolSize & {
  url: string
  applicationName: string
  /**
   * What stands before PostgreSQL. A pooler in transaction mode gives each transaction whichever
   * connection is free, so nothing may be left on one for later: no prepared statement, no setting.
   * The roles' own settings, which the migrator makes, bound the time of a statement then.
   */
  pooler?: 'none' | 'transaction'
  /**
   * How long a statement, or a whole transaction, may take in milliseconds, waiting for a connection
   * included, for which it uses at most half of it.
   */
  timeoutMs: number
  /** Statements and transactions under way or waiting; one more is shed with 503. */
  queueMax: number
  /**
   * Called when a statement is the first of its connection, or a transaction has begun, with the
   * milliseconds since it was asked for.
   */
  onQueryStart?: (waitedMs: number) => void
  /** Called with PostgreSQL's own error where a statement or a transaction failed. */
  onError?: (error: unknown) => void
}

/** How often a transaction is tried that PostgreSQL rolled back for a conflict or a deadlock. */
const attemptsMax = 3

/** The part of the usual time that must be gone before PostgreSQL is told of another. */
const narrowedFrom = 0.9

/**
 * Statements on one connection at a time, where they are sent one after another: enough to keep it
 * busy, and few enough that what was sent too early to be taken back is little.
 */
const pipelineDepth = 16

/**
 * Connections with deadlines: every statement is prepared, waits in a bounded queue, and is answered
 * or given up in time. What waits too long is never sent; what was sent and then given up has an
 * unknown outcome, and says so. The queue is ours, because that of postgres.js knows no deadline.
 */
export class Pool implements Queryable {
  readonly #sql: postgres.Sql
  /** Its places are statements; a transaction takes all of a connection. */
  readonly #bulkhead: Bulkhead
  readonly #depth: number
  readonly #timeoutMs: number
  readonly #onQueryStart: (waitedMs: number) => void
  readonly #onError: (error: unknown) => void

  constructor(options: PoolOptions) {
    this.#sql = connect(options)
    // A statement that is not prepared is sent in two parts, so no other can follow it at once.
    this.#depth = options.pipelines && !isPooled(options) ? pipelineDepth : 1
    this.#bulkhead = new Bulkhead({
      concurrency: options.max * this.#depth,
      queueMax: options.queueMax,
      max: options.queueMax,
      waitShare: 0.5,
    })
    this.#timeoutMs = options.timeoutMs
    this.#onQueryStart = options.onQueryStart ?? (() => {})
    this.#onError = options.onError ?? (() => {})
  }

  /** Runs one prepared statement; as `Database.query`. */
  query<Row>(
    statement: Statement,
    args: readonly unknown[],
    deadline?: Deadline,
  ): Promise<Rows<Row>> {
    const turn = this.#waiting()
    const start = () => run<Row>(this.#sql, statement, args, turn)
    return this.#bounded(start, { deadline, places: 1 })
  }

  /** Runs `work` without a transaction; as `Database.autocommit`. */
  autocommit<Result>(work: Work<Result>, next: Next<Result>, deadline?: Deadline): Promise<Result> {
    const turn = this.#waiting()
    const query: Queryable['query'] = (statement, args) => run(this.#sql, statement, args, turn)
    return this.#bounded(() => work({ query }), { deadline, places: 1, next })
  }

  /** Runs `work` in one transaction; as `Database.transaction`. */
  transaction<Result>(
    work: Work<Result>,
    next?: Next<Result>,
    deadline?: Deadline,
  ): Promise<Result> {
    const turn = this.#waiting()
    const start = (limit: TimeLimit) => this.#attempt(work, limit, turn, 1)
    return this.#bounded(start, { deadline, places: this.#depth, ...(next && { next }) })
  }

  async #attempt<Result>(
    work: Work<Result>,
    limit: TimeLimit,
    turn: () => void,
    attempt: number,
  ): Promise<Result> {
    const guard = new LostConnectionGuard()
    try {
      const result = await this.#sql.begin(async (sql) => {
        turn()
        this.#shorten(sql, limit)
        const value = await guard.settle(work({ query: inTime(sql, guard, limit) }))
        // Rolled back rather than committed after the caller was told that it took too long.
        limit.assertLeft()
        return { value }
      })
      return result.value
    } catch (error) {
      guard.markLost()
      if (!isRetryable(error) || attempt === attemptsMax) throw error
      return this.#attempt(work, limit, this.#waiting(), attempt + 1)
    }
  }

  /**
   * Lets PostgreSQL end a statement of this transaction when its time is over, where that is sooner
   * than it does anyway. It goes along with the first statement, which does not wait for it.
   */
  #shorten(sql: postgres.ISql, { deadline }: TimeLimit): void {
    const { leftMs } = deadline
    if (leftMs > this.#timeoutMs * narrowedFrom) return
    const text = `set local statement_timeout = ${Math.max(1, Math.ceil(leftMs))}`
    // Where it fails, so does the transaction.
    sql.unsafe(text).catch(() => {})
  }

  /** Begins to wait; the function that it returns ends that. */
  #waiting(): () => void {
    const askedAt = performance.now()
    return () => this.#onQueryStart(performance.now() - askedAt)
  }

  async #bounded<Result>(
    start: (limit: TimeLimit) => Promise<Result>,
    { deadline, places, next }: Terms<Result>,
  ): Promise<Result> {
    const limit = new TimeLimit(this.#timeoutMs, deadline)
    const leave = await this.#bulkhead.enter(limit.deadline, undefined, places)
    // The places are given back when the work ends, not when we stop waiting for it: against a server
    // that hangs, no more is sent than that.
    const work = start(limit).finally(leave)
    try {
      return await limit.bound(next ? followed(work, next) : work)
    } catch (error) {
      this.#onError(error)
      throw fromPostgres(error)
    }
  }

  /** Whether PostgreSQL answers within the timeout. */
  async ping(): Promise<void> {
    await new TimeLimit(Math.min(this.#timeoutMs, 1_000)).bound(this.#sql`select 1`)
  }

  /** Lets statements under way finish, for at most a second, and closes the connections. */
  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 })
  }
}

type Terms<Result> = {
  /** Of the caller; without one, the pool's own time counts. */
  deadline: Deadline | undefined
  /** Of the bulkhead. */
  places: number
  next?: Next<Result>
}

/** Statements of a transaction, none of which is sent when its time is over. */
const inTime =
  (sql: postgres.ISql, guard: LostConnectionGuard, limit: TimeLimit): Queryable['query'] =>
  (statement, args) =>
    guard.run(() => {
      limit.assertLeft()
      return run(sql, statement, args)
    })

const followed = async <Result>(work: Promise<Result>, next: Next<Result>): Promise<Result> => {
  const result = await work
  await next(result)
  return result
}

const isPooled = ({ pooler }: PoolOptions): boolean => pooler === 'transaction'

const connect = (pool: PoolOptions) => {
  const { url, applicationName, max, pipelines, timeoutMs } = pool
  const bounds = {
    statement_timeout: timeoutMs,
    lock_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
  }
  const options = {
    max,
    // postgres.js has it, but neither its types nor its manual say so. No number will do but all or
    // none: to a `begin` that is the last that may be sent on a connection, postgres.js does not
    // give that connection, and whatever others send on it is in an open transaction. The slots
    // bound how many there are.
    max_pipeline: pipelines ? Number.POSITIVE_INFINITY : 0,
    connect_timeout: 2,
    // The default grows to 20 s, long after a restarted server is back.
    backoff: () => 0.1 + Math.random() * 0.1,
    onnotice: () => {},
    fetch_types: false,
    types: { int8, uuidList },
    // Where it is not allowed, a statement that asks to be prepared is not.
    prepare: !isPooled(pool),
    connection: { application_name: applicationName, ...(!isPooled(pool) && bounds) },
  }
  return postgres(url, options)
}

/** Amounts and counts: whole numbers that JavaScript holds exactly, or an error. */
const int8 = {
  to: 20,
  from: [20],
  serialize: (value: number): string => value.toString(),
  parse: (digits: string): number => {
    const value = Number(digits)
    if (!Number.isSafeInteger(value)) throw new RangeError(`${digits} is not a safe integer.`)
    return value
  },
}

const run = async <Row>(
  sql: postgres.ISql,
  statement: Statement,
  args: readonly unknown[],
  onStart?: () => void,
): Promise<Rows<Row>> => {
  // Type 0 leaves the type to the server, which knows it; postgres.js would guess it from the value.
  const parameters = args.map((value) =>
    sql.typed(Array.isArray(value) ? listText(value) : (value as never), 0),
  )
  // Without `prepare`, postgres.js plans an unsafe statement anew each time.
  const query = sql.unsafe(statement.text, parameters, { prepare: true })
  if (onStart) onQueryStart(query, onStart)
  // The row type is generated from the same statement against the same schema.
  return (await query) as unknown as Rows<Row>
}
