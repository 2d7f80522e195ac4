import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import t, { type Test } from 'tap'

/** The Makefile in a folder without packages, with an npm that only records its arguments. */

type Made = { code: number; out: string; stderr: string; isInstalled: boolean }
type Project = { folder: string; make: (target: string, env?: object) => Promise<Made> }

const program = (file: string, script: string): void => {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

const project = (t: Test, programs: Record<string, string>, name = 'project'): Project => {
  const folder = join(t.testdir({}), name)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  copyFileSync(join(import.meta.dirname, '../../../Makefile'), join(folder, 'Makefile'))
  for (const [each, script] of Object.entries(programs)) program(join(folder, 'bin', each), script)
  const PATH = `${join(folder, 'bin')}:${environment().PATH}`
  // Without MAKEFLAGS of the make that runs the tests, which would print every folder that make
  // enters.
  const own = { ...environment(), PATH, MAKELEVEL: undefined, MAKEFLAGS: undefined }
  const make: Project['make'] = (target, env = {}) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...own, ...env } }
      execFile('make', [target], options, (error, out, stderr) =>
        resolve({
          code: Number(error?.code ?? 0),
          out,
          stderr,
          isInstalled: existsSync(join(folder, 'node_modules')),
        }),
      )
    })
  return { folder, make }
}

const install = 'node_modules/.package-lock.json'

/** Installs a Node that prints its arguments. */
const npm = [
  'test "$1" = ci || exit 1',
  'echo "$@" > arguments; env > environment',
  'mkdir -p node_modules/.bin',
  'printf \'#!/bin/sh\\necho "$@"; env\\n\' > node_modules/.bin/node',
  'chmod +x node_modules/.bin/node',
].join('\n')

t.test('a fresh clone installs its packages', async (t) => {
  const { code, stderr, isInstalled } = await project(t, { npm }).make(install)
  t.strictSame([code, stderr, isInstalled], [0, '', true])
})

t.test('a Node that is too old is one message, and nothing is installed', async (t) => {
  // The outputs of `node -e` and `node -v`.
  const node = 'test "$1" = -v && echo v18.20.0 && exit; exit 1'
  const { code, stderr, isInstalled } = await project(t, { npm, node }).make(install)
  t.match(stderr, 'Node v18.20.0 is too old. Install Node 20 or newer.')
  t.strictSame([code, isInstalled], [2, false])
})

/** Settings of the user for other projects; each one alone would omit packages or fail. */
const hostile = {
  npm_config_ignore_scripts: 'true',
  npm_config_omit: 'dev',
  npm_config_production: 'true',
  npm_config_global: 'true',
  npm_config_workspace: 'apps/order',
  npm_config_workspaces: 'false',
  npm_config_dry_run: 'true',
  npm_config_os: 'sunos',
  NPM_CONFIG_PACKAGE_LOCK_ONLY: 'true',
  NPM_CONFIG_SCRIPT_SHELL: '/bin/false',
  NODE_OPTIONS: '--require=/nowhere.js',
  NODE_PATH: '/nowhere',
  CDPATH: '/',
}

t.test("the user's npm settings do not change what is installed", async (t) => {
  const { folder, make } = project(t, { npm })
  const way = { npm_config_registry: 'https://r.example' }
  t.match(await make(install, { ...hostile, ...way }), { code: 0, stderr: '' })
  const received = readFileSync(join(folder, 'environment'), 'utf8')
  for (const name of Object.keys(hostile)) t.notMatch(received, `${name}=`)
  t.match(received, 'npm_config_registry=https://r.example')
  // An .npmrc may set the same; the command line takes precedence.
  const args = readFileSync(join(folder, 'arguments'), 'utf8')
  for (const each of ['include=dev', 'include=optional', 'ignore-scripts=false', 'global=false'])
    t.match(args, ` --${each} `)
})

t.test('an install without Node is repeated, and reported if that fails', async (t) => {
  const { folder, make } = project(t, {
    npm: 'mkdir -p node_modules; touch node_modules/.package-lock.json',
  })
  const { code, stderr } = await make(install)
  t.equal(code, 2)
  t.match(stderr, 'npm did not install Node. Delete node_modules')
  program(join(folder, 'bin/npm'), npm)
  t.match(await make(install), { code: 0, out: 'Installing packages ...\n' })
  t.match(await make(install), { out: /is up to date/ })
})

t.test("if the home is not writable npm's cache is in the project", async (t) => {
  for (const HOME of ['/proc/nowhere', '']) {
    const { folder, make } = project(t, { npm })
    t.match(await make(install, { HOME }), { code: 0, stderr: '' })
    const received = readFileSync(join(folder, 'environment'), 'utf8')
    t.match(received, `npm_config_cache=${folder}/.local/npm-cache\n`)
  }
})

const odd = `we"ird, $HOME [a]? %41 #1 'x' \`date\` ü`

t.test(
  'a folder may have almost any name, and NODE_OPTIONS of the shell are not for us',
  async (t) => {
    const { folder, make } = project(t, { npm }, odd)
    const { out, code } = await make('run', hostile)
    t.equal(code, 0)
    t.match(out, '\ninfra/local/run.ts\n')
    t.match(out, `\nPATH=${folder}/node_modules/.bin:`)
    t.notMatch(out, '\nNODE_OPTIONS=')
    t.match((await make('test', { NODE_ENV: 'production' })).out, '\nNODE_ENV=\n')
  },
)

for (const name of ['back\\slash', 'st*r']) {
  t.test(`a folder like ${name}, in which Node cannot run, is reported immediately`, async (t) => {
    const { code, stderr, isInstalled } = await project(t, { npm }, name).make('run')
    t.match(stderr, 'Node cannot run in a folder with \\ or * in its name. Rename the folder')
    t.strictSame([code, isInstalled], [2, false])
  })
}
