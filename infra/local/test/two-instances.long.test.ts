import t from 'tap'
import { restartInTurn, restartTogether } from './two-instances.ts'

/** M6 is at its baseline, so that the gateway calls auth for each order. */
t.test('one of two instances of each service is stopped and started again during a sale', (t) =>
  restartTogether(t, { SCENARIOS: 'h1,h5,m1,m7,m8', DRAIN_MS: '1000' }),
)

t.test('two instances of each service, every scenario at its baseline', (t) =>
  restartInTurn(t, { DRAIN_MS: '1000' }),
)

t.test('two instances of each service, SCENARIOS=all', (t) =>
  restartInTurn(t, { SCENARIOS: 'all', DRAIN_MS: '1000' }),
)
