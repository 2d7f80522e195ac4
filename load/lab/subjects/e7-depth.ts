import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { explainedInTime } from '../counted/explained.ts'
import { type Statement, statementOf } from '../counted/statement.ts'
import type { Counted } from '../record.ts'
import type { Extent } from './subject.ts'

/** The buffers of a page deep in the list, by page number and by cursor. */

const size = 20
const lastPages = { full: 10_000, smoke: 100 }

type Place = { created_us: string; id: string }

export const deepPagesRead = async ({ adminUrl }: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(adminUrl, { max: 1, connection: { search_path: 'product' } })
  const page = lastPages[extent]
  const skip = size * (page - 1)
  try {
    const [before] = await sql<Place[]>`
      select (extract(epoch from created_at) * 1000000)::bigint as created_us, id
      from products order by created_at desc, id desc limit 1 offset ${skip - 1}`
    const statements: [string, Statement][] = [
      ['page 1', statementOf('product/queries/product_list', { size, skip: 0 })],
      [`page ${page} by its number`, statementOf('product/queries/product_list', { size, skip })],
      [
        `page ${page} by cursor`,
        statementOf('product/queries/product_list_after', { size, ...before }),
      ],
    ]
    const counted: Counted[] = []
    for (const [row, { text, args }] of statements) {
      // The second execution, when the shared pages are in memory for both.
      await explainedInTime(sql, text, args)
      const { plan, tookMs } = await explainedInTime(sql, text, args)
      const also = { 'ms in PostgreSQL': { counted: tookMs, per: 1 } }
      counted.push({
        kind: 'counted',
        table: 'What a page of the list reads',
        row,
        plan,
        per: 1,
        also,
      })
    }
    return counted
  } finally {
    await sql.end({ timeout: 1 })
  }
}
