import { ApiError } from '@flash-deal/errors'
import postgres from 'postgres'
import type { Queryable, Rows, Statement } from './database.ts'
import { fromPostgres, isRetryable } from './postgres-error.ts'
import { Slots } from './slots.ts'
import { Tie } from './tie.ts'
import { onTurnOf } from './turn.ts'

/** How many connections, and how many statements on one at a time. */
export type PoolSize = {
  /** Connections at most, from 1 on; each is opened when there is something for it to do. */
  max: number
  /**
   * Statements that may be sent after the first one on a connection, before that is answered; from 0
   * on. They are sent so only where no connection is free.
   */
  pipelineMax: number
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

  constructor(options: PoolOptions) {
    this.#sql = connect(options)
    this.#slots = new Slots(options.queueMax)
    this.#timeoutMs = options.timeoutMs
    this.#onTurn = options.onTurn ?? (() => {})
  }

  /** Runs one prepared statement; as `Database.query`. */
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>> {
    return this.#bounded(() => run<Row>(this.#sql, statement, args, this.#waiting()))
  }

  /** Runs `work` in one transaction; as `Database.transaction`. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.#bounded(() => this.#attempt(work, 1))
  }

  async #attempt<Result>(
    work: (tx: Queryable) => Promise<Result>,
    attempt: number,
  ): Promise<Result> {
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

  async #bounded<Result>(start: () => Promise<Result>): Promise<Result> {
    const slot = this.#slots.take()
    // The slot is given back when the work ends, not when we stop waiting for it: against a server
    // that hangs, the queue fills up to its bound and no further.
    const work = start().finally(slot)
    try {
      return await withTimeout(work, this.#timeoutMs)
    } catch (error) {
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

const connect = ({ url, applicationName, max, pipelineMax, timeoutMs }: PoolOptions) => {
  const options = {
    max,
    // postgres.js has it, but neither its types nor its manual say so.
    max_pipeline: pipelineMax,
    connect_timeout: 2,
    // The default grows to 20 s, long after a restarted server is back.
    backoff: () => 0.1 + Math.random() * 0.1,
    onnotice: () => {},
    types: { int8 },
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
  const parameters = args.map((value) => sql.typed(value as never, 0))
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
