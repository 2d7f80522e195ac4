import { spawnSync } from 'node:child_process'
import t from 'tap'
import { cpuMsOfTree } from '../process-info.ts'
import { emptyReport, tell } from '../test-report.ts'

/** The summary of `make test`. */

const files = Array.from({ length: 12 }, (_, n) => ({
  file: `${n}.test.ts`,
  ms: 1_000 * n,
  cpuMs: 1_000 * (12 - n),
}))

t.test('it names the costliest files and all CPU time; the counts are the last line', async (t) => {
  const printed = t.capture(console, 'log')
  const report = { ...emptyReport(), passed: 7, files }
  const times = { ms: 420_000, cpuMs: 780_000 }
  t.equal(tell({ report, code: 0, requireAll: false, times }), 0)
  const lines = printed().flatMap(({ args: [text] }) => String(text).split('\n'))
  t.equal(lines.at(-1), '7 passed, 0 failed')
  t.ok(lines.includes('It took 7.0 minutes, and 13.0 minutes of CPU time.'))
  const after = (heading: string) => lines[lines.indexOf(heading) + 1]
  t.equal(after('Slowest files:'), '   11.0 s  11.test.ts')
  t.equal(after('Files with the most CPU time:'), '   12.0 s  0.test.ts')
})

const skip = process.platform === 'linux' ? false : 'CPU time of ended processes is in /proc only'

t.test('the CPU time of a process that has ended counts', { skip }, async (t) => {
  const before = cpuMsOfTree() ?? 0
  spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);'])
  t.ok((cpuMsOfTree() ?? 0) - before >= 250)
})
