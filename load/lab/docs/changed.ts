import type { Result } from './results.ts'

/** What a flag meant when an accepted result was measured, where it means less or more today. */

type Change = { id: Result['id']; until: string; remark: string }

const changes: readonly Change[] = [
  {
    id: 'M1',
    until: '2026-11-29',
    remark:
      'When this was measured, M1 was also what M7 and M8 are today: every variant but the baseline refused sold-out deals without I/O, and `optimized` and `redis` inserted orders in batches.',
  },
]

/** A sentence for the reader of an old result; nothing where the flag means the same today. */
export const remarkOn = ({ id, summary }: Pick<Result, 'id' | 'summary'>): string | undefined =>
  changes.find((each) => each.id === id && summary.run.startedAt.slice(0, 10) < each.until)?.remark
