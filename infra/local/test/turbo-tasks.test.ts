import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { root } from '../paths.ts'

/** The task graph of Turborepo. */

type Task = { taskId: string; command: string; dependencies: string[] }

const plan = async (...args: string[]): Promise<Task[]> => {
  const turbo = join(root, 'node_modules/.bin/turbo')
  const { stdout } = await promisify(execFile)(turbo, ['run', ...args, '--dry=json'], {
    cwd: root,
    env: environment(),
    maxBuffer: 64 * 1_024 * 1_024,
  })
  const { tasks }: { tasks: Task[] } = JSON.parse(stdout.slice(stdout.indexOf('{')))
  return tasks
}

const planned = (tasks: Task[]): string[] =>
  tasks
    .filter(({ command }) => command !== '<NONEXISTENT>')
    .map(({ taskId }) => taskId.replace('@flash-deal/', ''))
    .sort()

const servers = ['local#dev:postgres', 'local#dev:valkey']
const services = ['auth#dev', 'gateway#dev', 'order#dev', 'product#dev']

t.test('turbo dev has a task for each part of the system', async (t) => {
  t.strictSame(planned(await plan('dev')), [...services, 'local#dev', ...servers].sort())
})

t.test('a filter selects the service and its dependencies', async (t) => {
  const only = async (name: string) => planned(await plan('dev', `--filter=@flash-deal/${name}`))
  t.strictSame(await only('auth'), ['auth#dev', 'local#dev:postgres'])
  t.strictSame(await only('product'), [...servers, 'product#dev'])
  t.strictSame(await only('order'), [...servers, 'order#dev', 'product#dev'])
  t.strictSame(await only('gateway'), [...services, ...servers].sort())
})

t.test(
  'every workspace with tests has the task, whose hash changes with its imports',
  async (t) => {
    const tasks = await plan('test')
    const manifests = globSync('{apps,packages,infra}/*/package.json', { cwd: root })
    for (const manifest of [...manifests, 'contracts/package.json', 'db/package.json']) {
      const folder = join(root, dirname(manifest))
      if (globSync('**/*.test.ts', { cwd: folder, exclude: ['node_modules'] }).length === 0)
        continue
      const { name } = JSON.parse(readFileSync(join(root, manifest), 'utf8'))
      const task = tasks.find(({ taskId }) => taskId === `${name}#test`)
      t.strictSame(task?.dependencies, [`${name}#transit`])
    }
    const transit = tasks.find(({ taskId }) => taskId === '@flash-deal/order#transit')
    t.ok(transit?.dependencies.includes('@flash-deal/service#transit'))
  },
)

t.test('every workspace with long tests has the task that runs them', async (t) => {
  const options = { cwd: root, exclude: ['**/node_modules', '**/.local*'] }
  const folders = globSync('{apps,packages,infra,load}/*/', options)
  const withLong = folders.filter(
    (folder) => globSync(`${folder}/**/*.long.test.ts`, options).length > 0,
  )
  const names = withLong.map(
    (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).name,
  )
  t.ok(names.length > 3)
  t.strictSame(
    planned(await plan('test:long')),
    names.map((name) => `${name.replace('@flash-deal/', '')}#test:long`).sort(),
  )
})
