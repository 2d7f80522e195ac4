import { ApiError } from '@flash-deal/errors'
import postgres from 'postgres'
import type { Next, Queryable, Rows, Statement, Work } from './database.ts'
import { listText, uuidList } from './lists.ts'
import { fromPostgres, isRetryable } from './postgres-error.ts'
import { Slots } from './slots.ts'
import { Tie } from './tie.ts'
import { onTurnOf } from './turn.ts'

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
  /** How long a statement, or a whole transaction, may take, waiting for a connection included. */
  timeoutMs: number
  /** Statements and transactions under way or waiting; one more is shed with 503. */
  queueMax: number
  /**
   * Called when a statement is the first of its connection, or a transaction has begun, with the
   * milliseconds since it was asked for.
   */
  onTurn?: (waitedMs: number) => void
  /** Called with PostgreSQL's own error where a statement or a transaction failed. */
  onError?: (error: unknown) => void
}

/** How often a transaction is tried that PostgreSQL rolled back for a conflict or a deadlock. */
const attemptsMax = 3

/**
 * Connections with deadlines: every statement is prepared, waits in a bounded queue, and is answered
 * or given up in time. What was given up has an unknown outcome, and says so.
 */
export class Pool implements Queryable {
  readonly #sql: postgres.Sql
  readonly #slots: Slots
  readonly #timeoutMs: number
  readonly #onTurn: (waitedMs: number) => void
  readonly #onError: (error: unknown) => void

  constructor(options: PoolOptions) {
    this.#sql = connect(options)
    this.#slots = new Slots(options.queueMax)
    this.#timeoutMs = options.timeoutMs
    this.#onTurn = options.onTurn ?? (() => {})
    this.#onError = options.onError ?? (() => {})
  }

  /** Runs one prepared statement; as `Database.query`. */
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>> {
    return this.#bounded(() => this.#run<Row>(statement, args))
  }

  /** Runs `work` without a transaction; as `Database.autocommit`. */
  autocommit<Result>(work: Work<Result>, next: Next<Result>): Promise<Result> {
    const query: Queryable['query'] = (statement, args) => this.#run(statement, args)
    return this.#bounded(() => work({ query }), next)
  }

  /** Runs `work` in one transaction; as `Database.transaction`. */
  transaction<Result>(work: Work<Result>, next?: Next<Result>): Promise<Result> {
    return this.#bounded(() => this.#attempt(work, 1), next)
  }

  #run<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>> {
    return run(this.#sql, statement, args, this.#waiting())
  }

  async #attempt<Result>(work: Work<Result>, attempt: number): Promise<Result> {
    const tie = new Tie()
    const begun = this.#waiting()
    try {
      const result = await this.#sql.begin(async (sql) => {
        begun()
        return {
          value: await tie.settle(
            work({ query: (statement, args) => tie.run(() => run(sql, statement, args)) }),
          ),
        }
      })
      return result.value
    } catch (error) {
      tie.cut()
      if (isRetryable(error) && attempt < attemptsMax) return this.#attempt(work, attempt + 1)
      throw error
    }
  }

  /** Begins to wait; the function that it returns ends that. */
  #waiting(): () => void {
    const askedAt = performance.now()
    return () => this.#onTurn(performance.now() - askedAt)
  }

  async #bounded<Result>(start: () => Promise<Result>, next?: Next<Result>): Promise<Result> {
    const slot = this.#slots.take()
    // The slot is given back when the work ends, not when we stop waiting for it: against a server
    // that hangs, the queue fills up to its bound and no further.
    const work = start().finally(slot)
    try {
      return await withTimeout(next ? followed(work, next) : work, this.#timeoutMs)
    } catch (error) {
      this.#onError(error)
      throw fromPostgres(error)
    }
  }

  /** Whether PostgreSQL answers within the timeout. */
  async ping(): Promise<void> {
    await withTimeout(this.#sql`select 1`, Math.min(this.#timeoutMs, 1_000))
  }

  /** Lets statements under way finish, for at most a second, and closes the connections. */
  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 })
  }
}

const followed = async <Result>(work: Promise<Result>, next: Next<Result>): Promise<Result> => {
  const result = await work
  await next(result)
  return result
}

const connect = ({ url, applicationName, max, pipelines, timeoutMs }: PoolOptions) => {
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
    connection: {
      application_name: applicationName,
      statement_timeout: timeoutMs,
      lock_timeout: timeoutMs,
      idle_in_transaction_session_timeout: timeoutMs,
    },
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
  onTurn?: () => void,
): Promise<Rows<Row>> => {
  // Type 0 leaves the type to the server, which knows it; postgres.js would guess it from the value.
  const parameters = args.map((value) =>
    sql.typed(Array.isArray(value) ? listText(value) : (value as never), 0),
  )
  // Without `prepare`, postgres.js plans an unsafe statement anew each time.
  const query = sql.unsafe(statement.text, parameters, { prepare: true })
  if (onTurn) onTurnOf(query, onTurn)
  // The row type is generated from the same statement against the same schema.
  return (await query) as unknown as Rows<Row>
}

const withTimeout = async <Result>(
  work: PromiseLike<Result>,
  timeoutMs: number,
): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      reject(
        new ApiError('SERVICE_UNAVAILABLE', {
          cause: new Error('PostgreSQL did not answer in time.'),
        }),
      ),
    timeoutMs,
  )
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
