import { ApiError } from '@flash-deal/errors'
import postgres from 'postgres'
import { fromPostgres, isRetryable } from './postgres-error.ts'
import { Slots } from './slots.ts'
import { Tie } from './tie.ts'

/** A statement as sqlc generates it: its name for logs and figures, its text for the server. */
export type Statement = { readonly name: string; readonly text: string }

/** The rows of an answer, and how many rows the statement touched. */
export type Rows<Row> = Row[] & { count: number }

/** What generated queries need: a pool, or a transaction on one of its connections. */
export interface Queryable {
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>>
}

export type DatabaseOptions = {
  url: string
  applicationName: string
  poolMax: number
  /** How long a statement, or a whole transaction, may take, waiting for a connection included. */
  timeoutMs: number
  /** Statements and transactions under way or waiting; one more is shed with 503. */
  queueMax: number
}

/** How often a transaction is tried that PostgreSQL rolled back for a conflict or a deadlock. */
const attemptsMax = 3

/**
 * PostgreSQL with deadlines: every statement is prepared, waits in a bounded queue, and is answered
 * or given up in time. What was given up has an unknown outcome, and says so.
 */
export class Database implements Queryable {
  readonly #sql: postgres.Sql
  readonly #slots: Slots
  readonly #timeoutMs: number

  constructor(options: DatabaseOptions) {
    this.#sql = connect(options)
    this.#slots = new Slots(options.queueMax)
    this.#timeoutMs = options.timeoutMs
  }

  /**
   * Runs one prepared statement.
   * @throws ApiError SERVICE_UNAVAILABLE where PostgreSQL is away, too slow or has too many waiting
   */
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>> {
    return this.#bounded(() => run<Row>(this.#sql, statement, args))
  }

  /**
   * Runs `work` in one transaction; repeats it where PostgreSQL rolled it back for a serialization
   * failure or a deadlock, so `work` must have no other effect than its statements.
   * @throws ApiError SERVICE_UNAVAILABLE as for `query`; the outcome of a commit is then unknown
   */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.#bounded(() => this.#attempt(work, 1))
  }

  async #attempt<Result>(
    work: (tx: Queryable) => Promise<Result>,
    attempt: number,
  ): Promise<Result> {
    const tie = new Tie()
    try {
      const result = await this.#sql.begin(async (sql) => ({
        value: await tie.settle(
          work({ query: (statement, args) => tie.run(() => run(sql, statement, args)) }),
        ),
      }))
      return result.value
    } catch (error) {
      tie.cut()
      if (isRetryable(error) && attempt < attemptsMax) return this.#attempt(work, attempt + 1)
      throw error
    }
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

const connect = ({ url, applicationName, poolMax, timeoutMs }: DatabaseOptions): postgres.Sql =>
  postgres(url, {
    max: poolMax,
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
  })

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
): Promise<Rows<Row>> => {
  // Type 0 leaves the type to the server, which knows it; postgres.js would guess it from the value.
  const parameters = args.map((value) => sql.typed(value as never, 0))
  // Without `prepare`, postgres.js plans an unsafe statement anew each time.
  const rows = await sql.unsafe(statement.text, parameters, { prepare: true })
  // The row type is generated from the same statement against the same schema.
  return rows as unknown as Rows<Row>
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
