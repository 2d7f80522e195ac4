import type { Deadline } from '@flash-deal/service'
import { Pool, type PoolOptions, type PoolSize } from './pool.ts'
import type { Next, Queryable, Rows, Statement, Work } from './queryable.ts'
import type { Pools } from './scenarios/e5-connection-pool/seam.ts'

type OwnOptions = PoolSize & Pick<PoolOptions, 'onQueryStart'>

/** Time and queue are bounded in each pool by itself: slow statements take no quick one's place. */
export type DatabaseOptions = Omit<PoolOptions, keyof OwnOptions> & { pools: Pools<OwnOptions> }

/** Statements and transactions, as a pool of connections offers them. */
export interface Queries extends Queryable {
  /**
   * Runs one prepared statement.
   * @throws NotStarted where it was not sent: too many wait, or its time was over first; ApiError
   * SERVICE_UNAVAILABLE where PostgreSQL is away or too slow, DEADLINE_EXCEEDED where the caller's
   * deadline passed
   */
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>>

  /**
   * Runs `work` in one transaction; repeats it where PostgreSQL rolled it back for a serialization
   * failure or a deadlock, so `work` must have no other effect than its statements. After the commit
   * comes `next`, also where that is so late that nobody waits for it any more.
   * @throws NotStarted, ApiError as for `query`; the outcome of a commit is then unknown, but for
   * NotStarted
   */
  transaction<Result>(work: Work<Result>, next?: Next<Result>): Promise<Result>

  /**
   * Runs `work` of one statement, which needs no transaction; then `next`, as for `transaction`.
   * @throws NotStarted, ApiError as for `query`; what became of it is then unknown, but for NotStarted
   */
  autocommit<Result>(work: Work<Result>, next: Next<Result>): Promise<Result>
}

/** PostgreSQL with deadlines, by one pool of connections or by two. */
export class Database implements Queries {
  readonly #quick: Pool
  readonly #slow: Pool

  constructor({ pools: { quick, slow }, ...options }: DatabaseOptions) {
    this.#quick = new Pool({ ...options, ...quick })
    this.#slow = slow ? new Pool({ ...options, ...slow }) : this.#quick
  }

  /** The same, for a caller to whom nothing is of use after the deadline. */
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

  /** Whether PostgreSQL answers within the timeout. */
  ping(): Promise<void> {
    return this.#quick.ping()
  }

  /** Lets statements under way finish, for at most a second, and closes the connections. */
  async close(): Promise<void> {
    await Promise.all(Array.from(new Set([this.#quick, this.#slow]), (pool) => pool.close()))
  }
}
