import type { Arm } from '../record.ts'
import { loading } from '../slowdowns/loading.ts'
import { e2 } from '../subjects/e2.ts'
import type { Subject } from '../subjects/subject.ts'

/** The arms of the self-test, all with the cache in memory of E2. */

const scenarios = { E2: 'memory' }
const witnesses = ['memory_hit']
const arm = (name: string, role: Arm['role']): Arm => ({ name, role, scenarios, witnesses })

export const same = arm('the same', 'treatment')
export const slowed = arm('slowed by 10 %', 'treatment')
export const silent = arm('silently off', 'treatment')
export const ceiling: Arm = { name: 'ceiling', role: 'ceiling', scenarios: {}, witnesses: [] }
export const baselines = [arm('baseline', 'baseline'), arm('baseline again', 'repeat')]

/**
 * Every arm loads the module that uses CPU, so that its overhead is in all of them.
 *
 * @param burnUs the CPU that each request of the slowed arm uses in addition, in microseconds
 */
export const subjectWith = (burnUs: number): Subject => ({
  ...e2,
  question: 'whether the lab detects known differences and no others',
  environment: ({ name }) =>
    name === silent.name
      ? loading('no-cache.ts')
      : { ...loading('burn.ts'), LAB_BURN_US: `${name === slowed.name ? burnUs : 0}` },
})
