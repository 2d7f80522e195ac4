import t from 'tap'
import { asyncFaults } from '../async/async-faults.ts'
import { runAsyncSales } from './async-sale-in-test.ts'

/** All faults of asynchronous orders, with one sale each. */

t.setTimeout(900_000)
runAsyncSales(t, asyncFaults('long'))
