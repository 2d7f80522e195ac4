import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { read, root } from './image-files.ts'

/** Rules for the workflows that actionlint does not have. */

type Step = { uses?: string; run?: string }
type Job = { uses?: string; 'timeout-minutes'?: number; steps?: Step[] }
type Workflow = {
  permissions: Record<string, string>
  concurrency: { group: string; 'cancel-in-progress': boolean | string }
  jobs: Record<string, Job>
}

const folder = '.github/workflows'
const texts = readdirSync(join(root, folder)).map(
  (name) => [name, read(`${folder}/${name}`)] as const,
)
const workflows = texts.map(([name, text]) => [name, parse(text) as Workflow] as const)
const jobs = workflows.flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => [`${file} ${name}`, job] as const),
)

t.test('every action is pinned to a commit, and a comment names its version', async (t) => {
  for (const [name, text] of texts) {
    for (const [line, action] of text.matchAll(/^ *(?:- )?uses: (\S+).*$/gm)) {
      if (action?.startsWith('./')) t.ok(existsSync(join(root, action)), action)
      else t.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name)
    }
  }
})

t.test('one action has one version everywhere', async (t) => {
  const uses = texts.flatMap(([, text]) => text.match(/[\w-]+\/[\w-]+@[0-9a-f]{40}/g) ?? [])
  const names = new Set(uses.map((each) => each.split('@')[0]))
  t.equal(new Set(uses).size, names.size)
  t.ok(names.size >= 6)
})

t.test('a workflow may only read, unless a job asks for more', async (t) => {
  for (const [name, { permissions }] of workflows) {
    t.strictSame(permissions, { contents: 'read' }, name)
  }
})

t.test('duplicates are bounded, and every job has a timeout', async (t) => {
  for (const [name, { concurrency }] of workflows) t.match(concurrency.group, /github\.ref/, name)
  for (const [name, job] of jobs) t.ok(job.uses ?? job['timeout-minutes'], name)
})

t.test('no expression is expanded inside a script', async (t) => {
  for (const [name, { steps = [] }] of jobs) {
    for (const { run = '' } of steps) t.notMatch(run, '${{', name)
  }
})

t.test('every script and file that a step names exists', async (t) => {
  for (const [name, { steps = [] }] of jobs) {
    const files = steps.flatMap(({ run = '' }) => run.match(/(?:load|infra|\.ci)\/[\w./-]+/g) ?? [])
    for (const file of files) t.ok(existsSync(join(root, file)), `${name}: ${file}`)
  }
})
