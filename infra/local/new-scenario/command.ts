import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { environment } from '@flash-deal/config'
import { toolEnvironment } from '../child-environment.ts'
import { root } from '../paths.ts'
import { PlainError, sentenceOf } from '../plain-error.ts'
import { withFlag, withPlugin, withRow } from './edits.ts'
import { filesOf } from './files.ts'
import { type Names, namesFrom } from './names.ts'

/** `npm run new-scenario -- <id> <name> [--app <app>]`: a scenario that starts and passes its test. */

const usage = 'npm run new-scenario -- x1 some-name [--app product]'

const main = (): void => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { app: { type: 'string', default: 'product' } },
  })
  const [id, slug, ...more] = positionals
  if (!id || !slug || more.length > 0) throw new PlainError(`Usage: ${usage}`)
  const names = namesFrom(id, slug, values.app)
  const changed = write(names)
  run('biome', 'check', '--write', '--log-level=error', ...changed)
  run('turbo', 'run', 'generate', '--output-logs=errors-only')
  console.log(whatIsNext(names))
}

/** @returns the paths of the files that were written */
const write = (names: Names): string[] => {
  const folder = `apps/${names.app}/src/scenarios/${names.folder}`
  const [table, app] = ['packages/config/src/scenarios.ts', `apps/${names.app}/src/app.ts`]
  const compose = 'docker-compose.yml'
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  // All edits are made before the first file is written, so that a failure changes nothing.
  const files = new Map([
    [table, withRow(read(table), names)],
    [app, withPlugin(read(app), names)],
    [compose, withFlag(read(compose), names)],
    ...Object.entries(filesOf(names)).map(
      ([name, text]) => [`${folder}/${name}`, text.trimStart()] as const,
    ),
  ])
  mkdirSync(join(root, folder), { recursive: true })
  for (const [path, text] of files) writeFileSync(join(root, path), text)
  return [...files.keys()]
}

const run = (tool: string, ...args: string[]): void => {
  const env = toolEnvironment(environment())
  execFileSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, env, stdio: 'inherit' })
}

const whatIsNext = ({ id, app, folder }: Names): string => `
${id} is in the table, starts with SCENARIO_${id}=optimized and passes its test:
  make test FILES="apps/${app}/src/scenarios/${folder}/plugin.test.ts"

Next:
  1. apps/${app}/src/scenarios/${folder}/seam.ts    the function that the variants differ in
  2. baseline.ts, optimized.ts    each counts what it does
  3. README.md                    symptom, cause, variants, recommendation
  4. packages/config/src/scenarios.ts    what the variants need, and the k6 script
  5. load/lab/subjects            what the lab measures (see subject.ts)
`

try {
  main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
