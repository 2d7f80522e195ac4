import t from 'tap'
import { failuresIn } from '../tap-failures.ts'
import { pointsIn } from '../tap-points.ts'

const tap = `TAP version 14
# Subtest: a.test.ts
    # Subtest: holds
        ok 1 - one
        1..1
    ok 1 - holds
    # Subtest: breaks
        # seed 7
        not ok 1 - should be equal
          ---
          diff: |
            --- expected
            +++ actual
            -4
            +3
          at:
            fileName: a.test.ts
            lineNumber: 12
          ...
        1..1
    not ok 2 - breaks
    # Subtest: needs Redis
        not ok 1 - one # TODO later
        1..1
    ok 3 - needs Redis
    1..3
not ok 1 - a.test.ts
not ok 2 - b.test.ts
  ---
  exitCode: 1
  ...
1..2
`

t.test('a failure has its position, its values, and the output of the test', async (t) => {
  t.strictSame(failuresIn(pointsIn(tap)), [
    [
      '✖ a.test.ts › breaks › should be equal',
      '  a.test.ts:12',
      '  --- expected',
      '  +++ actual',
      '  -4',
      '  +3',
    ].join('\n'),
    '  seed 7',
    '✖ b.test.ts',
  ])
})

t.test('without failures there is no output', async (t) => {
  t.strictSame(failuresIn(pointsIn('TAP version 14\nok 1 - holds\n1..1\n')), [])
})
