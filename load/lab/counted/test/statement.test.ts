import t from 'tap'
import { literalStatementOf, statementOf } from '../statement.ts'

/** Statements of the services, for measurements of PostgreSQL alone. */

const file = 'order/queries/order_list'

t.test('a parameter has one number, even if it occurs several times', async (t) => {
  const { text, args } = statementOf(file, { user_id: 'u', size: 20, skip: 0 })
  t.match(text, /user_id = \$1::uuid/)
  t.match(text, /\$2::order_status is null or status = \$2\)/)
  t.equal(Math.max(...Array.from(text.matchAll(/\$(\d+)/g), ([, n]) => Number(n))), args.length)
  t.notMatch(text, /@|sqlc\./)
})

t.test('values are in the order of the numbers; a missing one is null', async (t) => {
  const { args } = statementOf(file, { skip: 40, size: 20, user_id: 'u' })
  t.strictSame(args, ['u', null, null, null, 20, 40])
})

t.test('a literal statement has values instead of parameters', async (t) => {
  const text = literalStatementOf(file, { user_id: "'u'", size: '20', skip: '0' })
  t.match(text, /user_id = 'u'::uuid/)
  t.match(text, 'null::order_status is null or status = null')
  t.match(text, 'limit 20::int offset 0::bigint')
})
