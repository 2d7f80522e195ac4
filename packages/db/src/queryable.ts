/** A statement as sqlc generates it: its name for logs and figures, its text for the server. */
export type Statement = {
  readonly name: string
  readonly text: string
  /** It may read many rows, so quick ones should not have to wait for it. */
  readonly isSlow?: boolean
}

/** The rows of an answer, and how many rows the statement touched. */
export type Rows<Row> = Row[] & { count: number }

/** What generated queries need: a pool, or a transaction on one of its connections. */
export interface Queryable {
  query<Row>(statement: Statement, args: readonly unknown[]): Promise<Rows<Row>>
}

/** What is done in the database. */
export type Work<Result> = (db: Queryable) => Promise<Result>

/** What has to follow, once it is stored. */
export type Next<Result> = (result: Result) => Promise<void>
