import t from 'tap'
import { asyncFaults } from '../async/async-faults.ts'
import { runAsyncSales } from './async-sale-in-test.ts'

/** All faults of asynchronous orders, one sale each, always the same. */

t.setTimeout(900_000)
runAsyncSales(t, asyncFaults)
