import type { Result } from './results.ts'

/** Accepted results of flags whose meaning has changed since the measurement. */

type Change = { id: Result['id']; until: string; remark: string }

const changes: readonly Change[] = [
  {
    id: 'M1',
    until: '2026-11-29',
    remark:
      'When this was measured, M1 included what M7 and M8 are today: every variant except the baseline rejected orders of sold-out deals without I/O, and `optimized` and `redis` inserted orders in batches.',
  },
  {
    id: 'E4',
    until: '2026-11-29',
    remark: 'When this was measured, `optimized` was what `joined` is today.',
  },
]

/** A remark on an old result; undefined if the flag means the same today. */
export const remarkOn = ({ id, summary }: Pick<Result, 'id' | 'summary'>): string | undefined =>
  changes.find((each) => each.id === id && summary.run.startedAt.slice(0, 10) < each.until)?.remark
