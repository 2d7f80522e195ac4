import t from 'tap'
import { restartInTurn } from './two-instances.ts'

t.test('two instances of each service, every scenario at its baseline', (t) =>
  restartInTurn(t, { DRAIN_MS: '1000' }),
)

t.test('two instances of each service, SCENARIOS=all', (t) =>
  restartInTurn(t, { SCENARIOS: 'all', DRAIN_MS: '1000' }),
)
