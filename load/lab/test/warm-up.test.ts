import t from 'tap'
import type { Instance } from '../instance.ts'
import { smoke } from '../pace.ts'
import { arms } from '../verdict/test/simulate.ts'
import { warmUp } from '../warm-up.ts'

/** The warm-up of the arms, whatever the order of their start. */

const instanceOf = (name: string): Instance => {
  const arm = arms.find((each) => each.name === name)
  if (!arm) throw new Error(`There is no arm ${name}.`)
  return { arm, port: 0, address: '', processes: [], warmedMs: 0, warmedRequests: 0 }
}

t.test('the two equal baselines are loaded at the same time, and first', async (t) => {
  const events: string[] = []
  const load = async ({ arm: { name } }: Instance) => {
    events.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    events.push(`${name} ends`)
  }
  const slice = async () => {}
  const started = ['optimized', 'again', 'ceiling', 'baseline'].map(instanceOf)
  const abort = new AbortController().signal
  await warmUp({ arms: started, cores: undefined, load, slice }, smoke, abort)
  t.strictSame(events, [
    ...['again begins', 'baseline begins', 'again ends', 'baseline ends'],
    ...['optimized begins', 'ceiling begins', 'optimized ends', 'ceiling ends'],
  ])
})
