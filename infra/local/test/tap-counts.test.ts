import t from 'tap'
import { countTests } from '../tap-counts.ts'
import { pointOfFile, pointsIn } from '../tap-points.ts'

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

t.test('a file that ends early or with an error fails, whatever its output', async (t) => {
  const passed = 'TAP version 14\nok 1 - holds\n1..1\n'
  const ended = (tap: string, code = 0) => pointOfFile('c.test.ts', { tap, code, stderr: 'Oh.' })
  t.match(countTests([ended(passed)]), { passed: 1, failed: 0 })
  t.match(countTests([ended(passed, 1)]), { failed: 1 })
  t.match(countTests([ended('TAP version 14\nok 1 - holds\n')]), { failed: 1 })
  t.match(countTests([ended('')]), { failed: 1 })
  t.match(ended('', 1).diag.stack, /exit code 1.*\nOh\./s)
})

t.test('no output means that nothing ran', async (t) => {
  t.strictSame(countTests([]), { passed: 0, failed: 0, skipped: [] })
})
