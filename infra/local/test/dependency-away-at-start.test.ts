import t from 'tap'
import { starts, testStart, testStartWithoutRedis } from './starts-without.ts'

/**
 * Services start in any order: a dependency may become available later. A service without its database,
 * and product without Redis; the long form has every pair.
 */

const orderWithoutPostgres = starts.filter(
  ({ name, missing }) => name === 'order' && missing === 'postgres',
)

t.equal(orderWithoutPostgres.length, 1)
for (const start of orderWithoutPostgres) testStart(start)
testStartWithoutRedis()
