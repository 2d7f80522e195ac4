import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import t, { type Test } from 'tap'
import { toolEnvironment } from '../child-environment.ts'
import { root } from '../paths.ts'

/** CONTRIBUTING's `npm run new-scenario`, in a copy of the tree. */

const run = promisify(execFile)
const env = toolEnvironment(environment())

const modulesFolders = [
  'node_modules',
  '{contracts,db}/node_modules',
  '{apps,infra,load,packages}/*/node_modules',
]

/** All files that git does not ignore, and the installed packages. */
const copyOfTree = async (t: Test): Promise<string> => {
  const copy = t.testdir()
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', listing, { cwd: root, maxBuffer: 64 * 1_024 * 1_024 })
  const files = stdout.split('\0').filter((file) => file && existsSync(join(root, file)))
  for (const file of files) cpSync(join(root, file), join(copy, file))
  for (const modules of globSync(modulesFolders, {
    cwd: root,
  }))
    linkPackages(copy, modules)
  return copy
}

/** The workspaces are relative links, which point into the copy. */
const linkPackages = (copy: string, modules: string): void => {
  mkdirSync(join(copy, modules), { recursive: true })
  for (const name of readdirSync(join(root, modules))) {
    const [from, to] = [join(root, modules, name), join(copy, modules, name)]
    if (name === '@flash-deal') cpSync(from, to, { recursive: true, verbatimSymlinks: true })
    else symlinkSync(from, to)
  }
}

t.test('a new scenario type-checks, passes its test and is in the generated files', async (t) => {
  const copy = await copyOfTree(t)
  const inCopy = (file: string, ...args: string[]) => run(file, args, { cwd: copy, env })
  const command = contributing.match(/^npm run (new-scenario -- .*)$/m)?.[1]?.split(' ')
  t.ok(command, 'CONTRIBUTING shows the command')
  await inCopy('npm', 'run', ...(command ?? []))
  await inCopy(join(root, 'node_modules/.bin/tsc'), '--noEmit')
  const folder = 'apps/product/src/scenarios/x1-some-name'
  for (const test of [`${folder}/plugin.test.ts`, 'packages/config/test/scenarios.test.ts']) {
    await t.resolves(inCopy(process.execPath, test), test)
  }
  for (const file of ['.env.example', 'docs/scenarios.md', 'docker-compose.yml'])
    t.match(readFileSync(join(copy, file), 'utf8'), 'X1', file)
  const again = await inCopy('npm', 'run', 'new-scenario', '--', 'x1', 'again').catch(asItIs)
  t.match(again, { code: 1, stderr: 'X1 exists' })
  t.notOk(existsSync(join(copy, dirname(folder), 'x1-again')), 'a refused command writes nothing')
})

const asItIs = (error: unknown): unknown => error

const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
