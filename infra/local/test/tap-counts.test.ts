import t from 'tap'
import { countTests } from '../tap-counts.ts'
import { pointsIn, pointsOfFiles } from '../tap-points.ts'

const tap = `TAP version 14
# Subtest: a.test.ts
    # Subtest: holds
        ok 1 - one
        ok 2 - two
        1..2
    ok 1 - holds
    # Subtest: breaks
        not ok 1 - one
        1..1
    not ok 2 - breaks
    ok 3 - needs Redis # SKIP no Redis
    1..3
not ok 1 - a.test.ts
# Subtest: b.test.ts
    ok 1 - alone
    1..1
not ok 2 - b.test.ts
1..2
`

t.test(
  'titled tests are counted, not assertions; a file that crashes counts as failed',
  async (t) => {
    t.match(countTests(pointsIn(tap)), { passed: 1, failed: 2 })
  },
)

t.test('skipped tests are listed with their reason', async (t) => {
  t.strictSame(countTests(pointsIn(tap)).skipped, ['a.test.ts › needs Redis (no Redis)'])
})

const passed = (file: string, number: number): string =>
  `# Subtest: ${file}\n    ok 1 - holds\n    1..1\nok ${number} - ${file}\n`

const both = ['c.test.ts', 'd.test.ts']
const ended = (tap: string, code = 0) => pointsOfFiles(both, { tap, code, stderr: 'Oh.' })

t.test('files of one process pass or fail separately', async (t) => {
  const tap = `TAP version 14\n${passed('c.test.ts', 1)}not ok 2 - d.test.ts\n1..2\n`
  t.match(ended(tap, 1), [
    { title: 'c.test.ts', ok: true },
    { title: 'd.test.ts', ok: false },
  ])
  t.match(countTests(ended(tap, 1)), { passed: 1, failed: 1 })
})

t.test('a process that ends early or with an error fails, whatever its output', async (t) => {
  const [first, second] = [passed('c.test.ts', 1), passed('d.test.ts', 2)]
  const whole = `TAP version 14\n${first}${second}1..2\n`
  t.match(countTests(ended(whole)), { passed: 2, failed: 0 })
  t.match(countTests(ended(whole, 1)), { failed: 1 })
  t.match(countTests(ended(`TAP version 14\n${first}${second}`)), { failed: 1 })
  t.match(countTests(ended(`TAP version 14\n${first}`, 1)), { passed: 1, failed: 1 })
  t.match(countTests(ended('')), { failed: 2 })
  t.match(ended('', 1)[0]?.diag.stack, /exit code 1.*\nOh\./s)
})

t.test('a file without a test fails', async (t) => {
  const tap = `TAP version 14\n${passed('c.test.ts', 1)}ok 2 - d.test.ts\n1..2\n`
  t.match(ended(tap), [{ ok: true }, { ok: false }])
})

t.test('no output means that nothing ran', async (t) => {
  t.strictSame(countTests([]), { passed: 0, failed: 0, skipped: [] })
})
