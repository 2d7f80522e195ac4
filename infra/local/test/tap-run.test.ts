import t from 'tap'
import { countTests } from '../tap-counts.ts'
import { failuresIn } from '../tap-failures.ts'
import { type FileResult, runFiles } from '../tap-run.ts'

/** Test files that share a process. */

const fixture = (name: string): string => `infra/local/test/fixtures/${name}.ts`
const slots = { take: async () => () => {} }

const resultsOf = async (names: readonly string[]): Promise<FileResult[]> => {
  const results: FileResult[] = []
  const ended = (result: FileResult) => void results.push(result)
  const { signal } = new AbortController()
  await runFiles({ files: names.map(fixture), env: {}, slots, signal, ended })
  return results
}

t.test('each file has its own hooks and its own copy of the modules of tests', async (t) => {
  const results = await resultsOf(['counts-once', 'counts-once-too'])
  t.match(countTests(results.map(({ point }) => point)), { passed: 2, failed: 0 })
})

t.test('a file that cannot be loaded fails, and the next one runs', async (t) => {
  const points = (await resultsOf(['throws', 'counts-once'])).map(({ point }) => point)
  t.match(countTests(points), { passed: 1, failed: 1 })
  t.match(failuresIn(points).join(), /throws\.ts.*This file cannot be loaded/s)
})

t.test('an error in a callback or a promise fails the test that runs, and no other', async (t) => {
  const files = ['callback-throws', 'counts-once', 'promise-rejects', 'counts-once-too']
  const points = (await resultsOf(files)).map(({ point }) => point)
  const failures = failuresIn(points).join('\n')
  t.match(countTests(points), { passed: 2, failed: 2 })
  t.match(failures, /callback-throws\.ts › outer › inner › A callback throws/)
  t.match(failures, /promise-rejects\.ts › outer › inner › Nobody awaits this promise/)
})
