import { Bulkhead, type Deadline } from '@flash-deal/service'
import type postgres from 'postgres'
import { arrayText } from './arrays.ts'
import { type ConnectionOptions, connect, isPooled } from './connection.ts'
import { LostConnectionGuard } from './lost-connection-guard.ts'
import { fromPostgres, isRetryable } from './postgres-error.ts'
import { onQueryStart } from './query-start.ts'
import type { Next, Queryable, Rows, Statement, Work } from './queryable.ts'
import { TimeLimit } from './time-limit.ts'

export type PoolOptions = ConnectionOptions & {
  /**
   * Maximum number of running and queued statements and transactions. The next is rejected with 503;
   * one without a caller may replace one that waits for a caller.
   */
  queueMax: number
  /**
   * Called when PostgreSQL starts a statement or a transaction, with the milliseconds since the
   * call.
   */
  onQueryStart?: (waitedMs: number) => void
  /** Called with the original error when a statement or a transaction fails. */
  onError?: (error: unknown) => void
}

/** Maximum attempts of a transaction that PostgreSQL rolls back for a conflict or a deadlock. */
const attemptsMax = 3

/** Below this share of the timeout, a transaction sets its own statement timeout. */
const narrowedFrom = 0.9

/**
 * Maximum number of pipelined statements on one connection: enough to keep it busy, and few enough
 * that little is sent that can no longer be cancelled.
 */
const pipelineDepth = 16

/**
 * Connections with deadlines. Every statement is prepared, waits in a bounded queue, and completes or
 * times out. A statement that times out in the queue is never sent. A statement that times out later
 * has an unknown outcome, and its error says so. The queue of postgres.js has no deadlines.
 */
export class Pool implements Queryable {
  readonly #sql: postgres.Sql
  /** A statement takes one place. A transaction takes all places of a connection. */
  readonly #bulkhead: Bulkhead
  readonly #depth: number
  readonly #timeoutMs: number
  readonly #onQueryStart: (waitedMs: number) => void
  readonly #onError: (error: unknown) => void

  constructor(options: PoolOptions) {
    this.#sql = connect(options)
    // A statement that is not prepared needs two round trips, so it cannot be pipelined.
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
        // Rolls back if the caller has timed out.
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
   * Sets the statement timeout of this transaction to the time that is left, if that is shorter than
   * the usual one. It is pipelined with the first statement, which does not wait for it.
   */
  #shorten(sql: postgres.ISql, { deadline }: TimeLimit): void {
    const { leftMs } = deadline
    if (leftMs > this.#timeoutMs * narrowedFrom) return
    const text = `set local statement_timeout = ${Math.max(1, Math.ceil(leftMs))}`
    // If it fails, the transaction fails too.
    sql.unsafe(text).catch(() => {})
  }

  /** Starts to measure the wait for a connection. The returned function ends it. */
  #waiting(): () => void {
    const record = this.waitRecorder()
    const calledAt = performance.now()
    return () => record(performance.now() - calledAt)
  }

  /** Called when a wait begins. The returned function gets its duration in milliseconds. */
  protected waitRecorder(): (waitMs: number) => void {
    return this.#onQueryStart
  }

  async #bounded<Result>(
    start: (limit: TimeLimit) => Promise<Result>,
    { deadline, places, next }: Terms<Result>,
  ): Promise<Result> {
    const limit = new TimeLimit(this.#timeoutMs, deadline)
    // Background work, such as the sweep, has no caller. It takes turns with the statements of all
    // callers, and replaces the last of them in a full queue, so that load does not stop it.
    const client = deadline ? 'callers' : 'background'
    const leave = await this.#bulkhead.enter(limit.deadline, { places, client })
    // The places are released when the work ends, not when the caller times out. This limits how
    // much is sent to a server that hangs.
    const work = start(limit).finally(leave)
    try {
      return await limit.bound(next ? followed(work, next) : work)
    } catch (error) {
      this.#onError(error)
      throw fromPostgres(error)
    }
  }

  /** Resolves if PostgreSQL responds within the timeout, or within one second if that is shorter. */
  async ping(): Promise<void> {
    await new TimeLimit(Math.min(this.#timeoutMs, 1_000)).bound(this.#sql`select 1`)
  }

  /** Waits up to one second for running statements, then closes the connections. */
  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 })
  }
}

type Terms<Result> = {
  /** The caller's deadline. Without one, the timeout of the pool applies. */
  deadline: Deadline | undefined
  /** Places of the bulkhead. */
  places: number
  next?: Next<Result>
}

/** The statements of a transaction. None is sent after its deadline. */
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

const run = async <Row>(
  sql: postgres.ISql,
  statement: Statement,
  args: readonly unknown[],
  onStart?: () => void,
): Promise<Rows<Row>> => {
  // Type 0: the server infers the type. postgres.js would guess it from the value.
  const parameters = args.map((value) =>
    sql.typed(Array.isArray(value) ? arrayText(value) : (value as never), 0),
  )
  // Without `prepare`, an unsafe statement is planned on every execution.
  const query = sql.unsafe(statement.text, parameters, { prepare: true })
  if (onStart) onQueryStart(query, onStart)
  // sqlc generates the row type from the same statement and schema.
  return (await query) as unknown as Rows<Row>
}
