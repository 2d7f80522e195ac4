import { conclude, newFolder } from '../measure.ts'
import { full, smoke } from '../pace.ts'
import { runSession } from '../session.ts'
import { smokeProblems } from '../smoke.ts'
import { sum } from '../stats/mean.ts'
import { judge } from '../verdict/judge.ts'
import { baselines, ceiling, same, silent, slowed, subjectWith } from './arms.ts'
import { faultsOfSelfTest } from './planted.ts'

/**
 * `npm run lab -- self-test`: whether the lab gives correct verdicts on this machine. Two identical arms
 * must not be reported as different, an arm whose route costs 10 % more CPU must be reported as
 * slower, and an arm whose cache has no effect must be rejected.
 */

/** Fewer blocks than `full`, because restarts differ more than blocks. */
const pace = { ...full, blocks: 4 }

type Given = { seed: number; capMs: number; abort: AbortSignal }

/** @returns whether the lab passed */
export const selfTest = async (given: Given): Promise<boolean> => {
  if (!(await refusesSilence(given))) return false
  const us = (await warmCost(given)) / 10
  say(`Each request of the slowed arm uses ${us.toFixed(1)} µs of CPU more.`)
  const folder = newFolder('self-test')
  const arms = [...baselines, same, slowed, ceiling]
  const planted = { slowed: slowed.name, us }
  const subject = subjectWith(us)
  const finished = await runSession({ ...given, subject, arms, pace, folder, planted })
  conclude(folder, finished)
  const faults = faultsOfSelfTest(judge(finished.header, finished.records))
  for (const fault of faults) say(fault)
  const passed = faults.length === 0
  say(passed ? 'Self-test passed on this machine.' : 'Self-test failed on this machine.')
  return passed
}

const say = (sentence: string): void => console.log(sentence)

/** A short session; its only problem must be the arm whose cache has no effect. */
const refusesSilence = async (given: Given): Promise<boolean> => {
  say('Measuring an arm whose cache has no effect ...')
  const arms = [...baselines, silent, ceiling]
  const short = { ...smoke, warmRequests: 2_000, sliceMs: 1_000 }
  const session = { ...given, subject: subjectWith(0), arms, pace: short, restarts: 1 }
  const finished = await runSession(session)
  const problems = smokeProblems(finished.header, finished.records)
  const found = problems.filter((problem) => /witness memory_hit did not move/.test(problem))
  const isRefused = found.length > 0 && found.length === problems.length
  say(isRefused ? `It is rejected: ${found[0]}.` : `It is not rejected as expected: ${problems}`)
  return isRefused
}

/** CPU microseconds of a request to the baseline, after the warm-up of a full run. */
const warmCost = async (given: Given): Promise<number> => {
  say('Measuring the cost of a request ...')
  const arms = [...baselines, same]
  const session = { ...given, subject: subjectWith(0), arms, pace, restarts: 1 }
  const { records } = await runSession(session)
  const slices = records.filter((record) => record.kind === 'slice')
  const own = slices.filter(({ arm, phase }) => arm === 'baseline' && phase === 'measured')
  return sum(own.flatMap(({ cpu }) => Object.values(cpu))) / sum(own.map((each) => each.completed))
}
