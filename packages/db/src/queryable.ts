/** A statement as sqlc generates it: its name for logs and metrics, and its SQL text. */
export type Statement = {
  readonly name: string
  readonly text: string
  /** Whether it may read many rows. Quick statements do not wait for it. */
  readonly isSlow?: boolean
}

/** The rows of a result, and the number of affected rows. */
export type Rows<Row> = Row[] & { count: number }

/** The interface that generated queries need: a pool, or a transaction on one of its connections. */
export interface Queryable {
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>>
}

/** A unit of work in the database. */
export type Work<Result> = (db: Queryable) => Promise<Result>

/** A function that runs after the commit. */
export type Next<Result> = (result: Result) => Promise<void>
