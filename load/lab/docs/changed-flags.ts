import type { ScenarioId } from '@flash-deal/config'
import type { Summary } from '../summary.ts'

/** Accepted results of flags whose meaning has changed since the measurement. */

type Change = {
  id: ScenarioId
  /** The first day on which the flag meant what it means today. */
  until: string
  remark: string
  /** The current names of variants, by their names at that time. */
  renamed?: Readonly<Record<string, string>>
}

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
    remark: 'In the files of this run `joined` has its name of that time, `optimized`.',
    renamed: { optimized: 'joined' },
  },
]

type Measured = { id: ScenarioId; summary: Summary }

const changeSince = ({ id, summary }: Measured): Change | undefined =>
  changes.find((each) => each.id === id && summary.run.startedAt.slice(0, 10) < each.until)

/** A remark on an old result; undefined if the flag means the same today. */
export const remarkOn = (result: Measured): string | undefined => changeSince(result)?.remark

/** The summary with the current names of the variants. */
export const withCurrentNames = (result: Measured): Summary => {
  const { renamed } = changeSince(result) ?? {}
  const { summary } = result
  if (renamed === undefined) return summary
  const current = (name: string): string => renamed[name] ?? name
  const named = <Arm extends { name: string }>(arm: Arm): Arm => ({
    ...arm,
    name: current(arm.name),
  })
  return {
    ...summary,
    run: { ...summary.run, arms: summary.run.arms.map(named) },
    arms: summary.arms.map(named),
    comparisons: summary.comparisons.map((each) => ({ ...each, arm: current(each.arm) })),
  }
}
