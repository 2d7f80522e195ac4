import { join } from 'node:path'
import t from 'tap'
import { root } from '../paths.ts'
import { findTestFiles } from '../test-files.ts'

/** The files that `make test` and `make test-long` run. */

const orders = join(root, 'apps/order')
const short = 'apps/order/test/histories.test.ts'
const long = 'apps/order/test/histories.long.test.ts'

t.test('a file is in the short form or in the long form, and in no other workspace', async (t) => {
  const inShort = await findTestFiles({ named: [], below: orders, long: false })
  const inLong = await findTestFiles({ named: [], below: orders, long: true })
  t.ok(inShort.includes(short))
  t.ok(inLong.includes(long))
  t.notOk(inShort.some((file) => file.endsWith('.long.test.ts')))
  t.ok(inLong.every((file) => file.endsWith('.long.test.ts')))
  t.ok([...inShort, ...inLong].every((file) => file.startsWith('apps/order/')))
})

t.test('files and patterns are named from the root', async (t) => {
  const find = (...named: string[]) => findTestFiles({ named, below: root, long: false })
  t.strictSame(await find(long), [long])
  t.strictSame(await find('apps/order/test/histories.*test.ts'), [long, short])
  await t.rejects(find('apps/order/test/nothing.test.ts'), {
    message: /^There is no test file apps\/order\/test\/nothing\.test\.ts\./,
  })
})
