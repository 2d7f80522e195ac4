import t from 'tap'
import { rateIn } from '../pgbench.ts'

const output = `transaction type: statement.sql
number of transactions actually processed: 7830
latency average = 1.277 ms
tps = 783.012345 (without initial connection time)
`

t.test('the rate is read from the output of pgbench', async (t) => {
  t.equal(rateIn(output), 783.012345)
})

t.test('output without a rate is an error that shows it', async (t) => {
  t.throws(() => rateIn('pgbench: error: connection refused'), { message: /connection refused/ })
})
