import type { Deadline } from '@flash-deal/service'
import { inSpan } from '@flash-deal/telemetry'
import { type Span, SpanKind, trace } from '@opentelemetry/api'
import { Pool, type PoolOptions } from './pool.ts'
import type { Next, Queryable, Rows, Statement, Work } from './queryable.ts'

/** A pool that records a span for each statement and each transaction. */
class TracedPool extends Pool {
  override query<Row>(
    statement: Statement,
    args: readonly unknown[],
    deadline?: Deadline,
  ): Promise<Rows<Row>> {
    return inStatementSpan(statement, () => super.query<Row>(statement, args, deadline))
  }

  override autocommit<Result>(
    work: Work<Result>,
    next: Next<Result>,
    deadline?: Deadline,
  ): Promise<Result> {
    return inSpan('autocommit', options(), () =>
      super.autocommit((db) => work(traced(db)), next, deadline),
    )
  }

  override transaction<Result>(
    work: Work<Result>,
    next?: Next<Result>,
    deadline?: Deadline,
  ): Promise<Result> {
    return inSpan('transaction', options(), () =>
      super.transaction((db) => work(traced(db)), next, deadline),
    )
  }

  /** The span that is active when the wait begins gets its duration. */
  protected override waitRecorder(): (waitMs: number) => void {
    const record = super.waitRecorder()
    const span = trace.getActiveSpan()
    return (waitMs) => {
      record(waitMs)
      span?.setAttribute('flash_deal.db.wait_ms', waitMs)
    }
  }
}

/** Chosen once, when the database is constructed. */
export const tracedPool = (pool: PoolOptions): Pool => new TracedPool(pool)

const traced = (db: Queryable): Queryable => ({
  query: (statement, args) => inStatementSpan(statement, () => db.query(statement, args)),
})

const inStatementSpan = <Row>(
  { name }: Statement,
  work: () => Promise<Rows<Row>>,
): Promise<Rows<Row>> =>
  inSpan(name, options(name), async (span) => {
    const rows = await work()
    if (span) addCounts(span, rows)
    return rows
  })

const addCounts = (span: Span, rows: Rows<unknown>): void => {
  span.setAttribute('db.response.returned_rows', rows.length)
  span.setAttribute('flash_deal.db.affected_rows', rows.count)
}

/** The name of a statement and never its values. */
const options = (name?: string) => ({
  kind: SpanKind.CLIENT,
  attributes: {
    'db.system.name': 'postgresql',
    ...(name !== undefined && { 'db.query.summary': name }),
  },
})
