import { setTimeout as sleep } from 'node:timers/promises'
import { variantsOf } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import type { Counted } from '../record.ts'
import { type Shop, shopBeside } from './shop-beside.ts'
import type { Extent } from './subject.ts'

/** The error of the totals of E7's variants, and when it disappears. */

const when = {
  before: 'after an analyze',
  written: 'when another has just written 5 % more',
  aged: '10 s later',
  analyzed: 'after the next analyze',
}

/** The maximum age of a cached count, with a margin for reading the list. */
const waitMs = 10_500

/** Restores the products afterwards. */
export const totalsShown = async (stack: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} })
  const shops = await Promise.all(
    variantsOf('E7').map((variant) => shopBeside(stack, 'E7', variant)),
  )
  const offBy: OffBy = {}
  const byCategory: OffBy = {}
  const look = async (moment: string): Promise<void> => {
    const [row] = await sql`select count(*)::int as total from product.products`
    offBy[moment] = await differencesFrom(row?.total, shops)
  }
  try {
    await look(when.before)
    for (const { rank, category, total } of await categoriesIn(sql))
      byCategory[rank] = await differencesFrom(
        total,
        shops,
        `&category=${encodeURIComponent(category)}`,
      )
    await writeMore(sql)
    await look(when.written)
    if (extent === 'full') await sleep(waitMs)
    if (extent === 'full') await look(when.aged)
    await sql`analyze product.products`
    await look(when.analyzed)
    const [all, one] = ['the total', 'the total of one category, after an analyze,']
    return [
      ...shops.map(({ variant }) => rowOf(all, variant, offBy)),
      ...shops.map(({ variant }) => rowOf(one, variant, byCategory)),
    ]
  } finally {
    await takeBack(sql)
    await sql.end({ timeout: 1 })
    await Promise.all(shops.map(({ name }) => stack.supervisor.stop(name)))
  }
}

/** Totals as shares of the exact value: by time or category, then by variant. */
type OffBy = Record<string, Record<string, number>>

/** PostgreSQL has statistics of the hundred most frequent values and assumes that all others are equally frequent. */
const categoriesIn = (sql: Sql) => sql<{ rank: string; category: string; total: number }[]>`
  with counted as (
    select category, count(*)::int as total, row_number() over (order by count(*) desc, category) as rank
    from product.products where category is not null group by category
  )
  select
    case rank when 1 then 'the most frequent' when 100 then 'the hundredth' else 'the rarest' end as rank,
    category, total
  from counted where rank in (1, 100, (select max(rank) from counted)) order by counted.rank`

const differencesFrom = async (
  right: number,
  shops: readonly Shop[],
  filter = '',
): Promise<OffBy[string]> => {
  const shown = shops.map(async ({ variant, address }) => {
    const { total } = (await (await fetch(`${address}/products?size=1${filter}`)).json()) as {
      total: number
    }
    return [variant, Math.abs(total - right) / right]
  })
  return Object.fromEntries(await Promise.all(shown))
}

const mark = 'Written while others count'

const writeMore = (sql: Sql) => sql`
  insert into product.products (id, owner_id, name, price, stock, supplied, category)
  select md5(id::text)::uuid, owner_id, ${mark}, price, stock, stock, category
  from product.products order by id
  limit (select count(*) / 20 from product.products)`

/** Foreign keys are not checked: these products have no deals, and the checks would read every deal. */
const takeBack = async (sql: Sql): Promise<void> => {
  await sql`set session_replication_role to replica`
  await sql`delete from product.products where name = ${mark}`
  await sql`vacuum (analyze) product.products`
}

const rowOf = (what: string, variant: string, offBy: OffBy): Counted => ({
  kind: 'counted',
  table: `How far off ${what} is, in per cent of it`,
  row: variant,
  per: 1,
  also: Object.fromEntries(
    Object.entries(offBy).map(([moment, shares]) => [
      moment,
      { counted: 100 * (shares[variant] ?? Number.NaN), per: 1 },
    ]),
  ),
})
