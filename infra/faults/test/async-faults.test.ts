import t from 'tap'
import { asyncFaults } from '../async/async-faults.ts'
import { runAsyncSales } from './async-sale-in-test.ts'

/**
 * A crash of the broker, and a crash between two steps of the consumer. `async-faults.long.test.ts`
 * has all faults.
 */

t.setTimeout(600_000)

const names = ['kill-kafka', 'exit-after-decide']
const chosen = asyncFaults('short').filter(({ name }) => names.includes(name))
t.equal(chosen.length, names.length, 'these faults exist')
runAsyncSales(t, chosen)
