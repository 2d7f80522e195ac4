import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { environment, readSettings } from '@flash-deal/config'
import { findTool } from '@flash-deal/local/find-tool'
import { buildGoTool, type GoTool } from '@flash-deal/local/go-tool'
import { stateFolder } from '@flash-deal/local/paths'
import t, { type Test } from 'tap'
import { envFile, freshSecrets } from '../secrets.ts'
import { compose, filledIn } from './compose-file.ts'
import { read } from './image-files.ts'

/**
 * Loads docker-compose.yml with compose-go, which Compose itself uses: the schema of the Compose
 * Specification.
 */

const tool: GoTool = {
  name: 'compose-go',
  module: 'github.com/compose-spec/compose-go/v2/cmd',
  version: 'v2.10.2',
}

const tools = join(stateFolder(readSettings('local')), 'tools')
const fetch = () => buildGoTool(tool, { tools, env: environment() })
const found = await findTool({ package: { name: tool.name, fetch } }, environment())
const program = 'program' in found ? found.program : ''
const skip = program === '' && `there is no compose-go: ${'reason' in found ? found.reason : ''}`

/** With substituted variables, because the command of compose-go has no values for them. */
const text = filledIn(read('docker-compose.yml'), parseEnv(envFile(freshSecrets())))

/** @throws Error with the problems in `stderr` */
const load = (t: Test, content: string) => {
  const file = join(t.testdir({}), 'docker-compose.yml')
  writeFileSync(file, content)
  return promisify(execFile)(program, ['-no-interpolation', file])
}

const findingsIn = (t: Test, content: string): Promise<string> =>
  load(t, content).then(
    () => '',
    ({ stderr }) => String(stderr),
  )

t.test('docker-compose.yml is valid by the Compose Specification', { skip }, async (t) => {
  t.equal(await findingsIn(t, text), '')
})

t.test('a misspelt field, a wrong value and a wrong type are found', { skip }, async (t) => {
  for (const [from, to, finding] of [
    ['stop_grace_period:', 'stop_grace_perod:', 'stop_grace_perod'],
    ['condition: service_healthy', 'condition: service_ready', 'condition'],
    ['cap_drop: [ALL]', 'cap_drop: ALL', 'cap_drop'],
  ] as const) {
    t.match(await findingsIn(t, text.replace(from, to)), finding)
  }
})

t.test('it has every service', { skip }, async (t) => {
  const { stdout } = await load(t, text)
  for (const name of Object.keys(compose.services)) t.match(stdout, `  ${name}:`)
})
