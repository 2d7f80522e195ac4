import { ConfigError, resolveScenarios, scenarioIds } from '@flash-deal/config'
import t from 'tap'

const variantsFor = (environment: Record<string, string>) =>
  resolveScenarios({}, environment).scenarios

const refusal = (environment: Record<string, string>): string => {
  try {
    resolveScenarios({}, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'nothing was refused'
}

t.test('without settings every scenario is at its baseline', async (t) => {
  const scenarios = variantsFor({})
  t.ok(scenarioIds.every((id) => scenarios[id] === 'baseline'))
})

t.test(
  'an argument overrides a variable, a variable the list, and the list the baseline',
  async (t) => {
    t.equal(variantsFor({ SCENARIOS: 'e2' }).E2, 'optimized')
    t.equal(variantsFor({ SCENARIOS: 'e2', SCENARIO_E2: 'memory' }).E2, 'memory')
    t.equal(
      resolveScenarios({ E2: 'baseline' }, { SCENARIO_E2: 'memory' }).scenarios.E2,
      'baseline',
    )
  },
)

t.test('a list has variants, in upper or lower case, and may contain all', async (t) => {
  t.equal(variantsFor({ SCENARIOS: 'E2:memory' }).E2, 'memory')
  t.equal(variantsFor({ SCENARIOS: ' all , e2:memory ' }).E2, 'memory')
  t.equal(variantsFor({ SCENARIOS: '' }).E2, 'baseline')
})

t.test('all switches on implemented scenarios and reports the others with a reason', async (t) => {
  const { scenarios, leftOut } = resolveScenarios({}, { SCENARIOS: 'all' })
  t.equal(scenarios.E2, 'optimized')
  t.ok(leftOut.includes('H2 (it responds before the order is confirmed)'))
  t.equal(scenarios.M6, 'optimized')
  t.equal(scenarios.M2, 'optimized')
})

t.test('an unknown id or variant is rejected with the allowed values', async (t) => {
  t.match(
    refusal({ SCENARIO_E2: 'fast' }),
    'Scenario E2 has no variant "fast". Allowed: baseline, optimized, memory, single.',
  )
  t.match(refusal({ SCENARIO_X1: 'optimized' }), 'There is no scenario "X1". Allowed are E1,')
})

t.test('a misspelt flag is rejected', async (t) => {
  for (const name of ['SCENARIO', 'SCENARIOS_E2', 'SCENARIOE2']) {
    t.match(refusal({ [name]: 'optimized' }), `"${name}" switches nothing. Write SCENARIO_<ID>`)
    t.equal(refusal({ [name]: '' }), 'nothing was refused')
  }
})

t.test('a scenario without its required scenario is rejected', async (t) => {
  const sentence =
    'Scenario M2 has no effect without M6. Set SCENARIO_M6=optimized too, or switch M2 off.'
  t.match(refusal({ SCENARIOS: 'm2' }), sentence)
  t.match(refusal({ SCENARIO_M2: 'redis', SCENARIO_M6: 'baseline' }), sentence)
  t.equal(refusal({ SCENARIO_M2: 'baseline' }), 'nothing was refused')
  t.equal(variantsFor({ SCENARIOS: 'm2,m6' }).M2, 'optimized')
})

t.test(
  'a variant that replaces the gateway is rejected together with scenarios of the gateway',
  async (t) => {
    for (const id of ['m2', 'm4', 'm6', 'e6'])
      t.match(
        refusal({ SCENARIO_H5: 'envoy', SCENARIOS: id }),
        `Scenario H5=envoy cannot be combined with ${id.toUpperCase()}`,
      )
    t.equal(
      resolveScenarios({}, { SCENARIO_H5: 'optimized', SCENARIOS: 'm6' }).scenarios.M6,
      'optimized',
    )
  },
)

t.test('all problems are reported together', async (t) => {
  t.match(refusal({ SCENARIO_E2: 'fast', SCENARIOS: 'm2,z9' }).split('\n').length, 3)
})

t.test('the result cannot be changed', async (t) => {
  t.ok(Object.isFrozen(variantsFor({})))
})
