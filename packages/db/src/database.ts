import type { Deadline } from '@flash-deal/service'
import { isTracing } from '@flash-deal/telemetry'
import type { PoolSize } from './connection.ts'
import { Pool, type PoolOptions } from './pool.ts'
import type { Next, Queryable, Rows, Statement, Work } from './queryable.ts'
import type { Pools } from './scenarios/e5-connection-pool/seam.ts'
import { tracedPool } from './traced-pool.ts'

type OwnOptions = PoolSize & Pick<PoolOptions, 'onQueryStart'>

/** Each pool has its own timeout and queue, so slow statements take no place of quick ones. */
export type DatabaseOptions = Omit<PoolOptions, keyof OwnOptions> & { pools: Pools<OwnOptions> }

/** The statements and transactions of a pool. */
export interface Queries extends Queryable {
  /**
   * Runs one prepared statement.
   * @throws NotStarted if it was not sent, because the queue was full or its time expired; ApiError
   * SERVICE_UNAVAILABLE if PostgreSQL is unavailable or too slow, DEADLINE_EXCEEDED if the caller's
   * deadline expired
   */
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>>

  /**
   * Runs `work` in one transaction. Retries it if PostgreSQL rolled it back for a serialization
   * failure or a deadlock, so `work` must have no effect other than its statements. Calls `next` after
   * the commit, even if the caller has timed out by then.
   * @throws NotStarted, ApiError as for `query`; the outcome of the commit is unknown, except for
   * NotStarted
   */
  transaction<Result>(work: Work<Result>, next?: Next<Result>): Promise<Result>

  /**
   * Runs `work` of one statement, which needs no transaction, then `next`, as for `transaction`.
   * @throws NotStarted, ApiError as for `query`; the outcome is unknown, except for NotStarted
   */
  autocommit<Result>(work: Work<Result>, next: Next<Result>): Promise<Result>
}

const plainPool = (options: PoolOptions): Pool => new Pool(options)

/** PostgreSQL with deadlines, through one or two connection pools. */
export class Database implements Queries {
  readonly #quick: Pool
  readonly #slow: Pool

  constructor({ pools: { quick, slow }, ...options }: DatabaseOptions) {
    const create = isTracing() ? tracedPool : plainPool
    this.#quick = create({ ...options, ...quick })
    this.#slow = slow ? create({ ...options, ...slow }) : this.#quick
  }

  /** The same, limited by the caller's deadline. */
  by(deadline: Deadline | undefined): Queries {
    return {
      query: (statement, args) => this.query(statement, args, deadline),
      transaction: (work, next) => this.transaction(work, next, deadline),
      autocommit: (work, next) => this.autocommit(work, next, deadline),
    }
  }

  query<Row>(
    statement: Statement,
    args: readonly unknown[],
    deadline?: Deadline,
  ): Promise<Rows<Row>> {
    return (statement.isSlow ? this.#slow : this.#quick).query(statement, args, deadline)
  }

  transaction<Result>(
    work: Work<Result>,
    next?: Next<Result>,
    deadline?: Deadline,
  ): Promise<Result> {
    return this.#quick.transaction(work, next, deadline)
  }

  autocommit<Result>(work: Work<Result>, next: Next<Result>, deadline?: Deadline): Promise<Result> {
    return this.#quick.autocommit(work, next, deadline)
  }

  /** Resolves if PostgreSQL responds within the timeout. */
  ping(): Promise<void> {
    return this.#quick.ping()
  }

  /** Waits up to one second for running statements, then closes the connections. */
  async close(): Promise<void> {
    await Promise.all(Array.from(new Set([this.#quick, this.#slow]), (pool) => pool.close()))
  }
}
