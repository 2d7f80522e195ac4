import { Database, type DatabaseOptions, type Statement } from '@flash-deal/db'
import { type FreshDatabase, freshDatabase, type Test } from '@flash-deal/testing'

/** A new database for test statements. */
export type Scratch = {
  /** A pool on it, closed when the test is over. */
  open(t: Test, options?: Options): Database
  url: string
}

/** A database with one pool of this many connections, unless others are given. */
type Options = Partial<DatabaseOptions> & { poolMax?: number }

export const scratch = async (t: Test): Promise<Scratch> => {
  const fresh: FreshDatabase = await freshDatabase()
  t.teardown(() => fresh.drop())
  const open = (t: Test, { poolMax = 5, ...options }: Options = {}): Database => {
    const pools = { quick: { max: poolMax, pipelines: true } }
    const database = new Database({ ...defaults, pools, url: fresh.adminUrl, ...options })
    t.teardown(() => database.close())
    return database
  }
  return { open, url: fresh.adminUrl }
}

const defaults = { applicationName: 'test', timeoutMs: 5_000, queueMax: 100 }

export const statement = (text: string): Statement => ({ name: 'a_statement', text })

/** Runs a statement and returns its rows. */
export const rows = async <Row>(
  db: Pick<Database, 'query'>,
  text: string,
  args: readonly unknown[] = [],
): Promise<Row[]> => [...(await db.query<Row>(statement(text), args))]

/** Something that happens when we say so. */
export const event = () => Promise.withResolvers<void>()
