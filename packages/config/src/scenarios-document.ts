import { type ScenarioId, scenarioIds, scenarioOf } from './scenarios.ts'

/** The text of docs/scenarios.md: the scenario table, for people. */
export const scenariosDocument = (): string =>
  [
    '<!-- Generated from packages/config/src/scenarios.ts. DO NOT EDIT; run npm run generate. -->',
    '# Scenarios',
    '',
    'Each is one optimisation behind one flag; the HTTP API stays the same in every combination.',
    'Switch one with `SCENARIO_<ID>=<variant>`, many with `SCENARIOS=e2,m1:redlock` or `SCENARIOS=all`. What is planned cannot be switched on.',
    '',
    '| id | what | variants | apps | needs | load script | status |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...scenarioIds.map(row),
    '',
    `\`SCENARIOS=all\` is \`optimized\` of every implemented scenario but ${exceptions()}.`,
    '',
    'Verdicts come from the laboratory, which is not built yet; until then nothing here is said to be faster.',
    '',
  ].join('\n')

const row = (id: ScenarioId): string => {
  const { apps, needs, script, slug, status, title, variants } = scenarioOf(id)
  const described = Object.entries(variants).map(([name, what]) => `\`${name}\`: ${what}`)
  const needed = Object.entries(needs ?? {}).map(
    ([name, what]) => `\`${name}\`: ${what.join(', ')}`,
  )
  const cells = [id, `${title} (\`${slug}\`)`, described.join('<br>'), apps.join(', ')]
  return `| ${[...cells, needed.join('<br>'), `\`${script}\``, status].join(' | ')} |`
}

const exceptions = (): string =>
  scenarioIds
    .filter((id) => scenarioOf(id).notInAll !== undefined)
    .map((id) => `${id} (${scenarioOf(id).notInAll})`)
    .join(', ')
