import { type Arrange, restartWith } from './act.ts'

/** M5's breaker before product, which opens early and tries again soon, so that a sale sees all of it. */
const breaker = {
  SCENARIO_M5: 'optimized',
  BREAKER_CALLS_MIN: '4',
  BREAKER_TIMEOUT_MS: '500',
  BREAKER_OPEN_MS: '500',
}

/** The fault, with M5 on. All four are started again: the gateway looks for others' variants. */
export const withBreaker =
  (arrange: Arrange): Arrange =>
  async (scene) => {
    const own = { auth: breaker, product: breaker, order: breaker, gateway: breaker }
    const restore = await restartWith(scene.stack, own)
    const act = await arrange(scene)
    const clear = async (): Promise<void> => {
      await act.clear?.()
      await restore()
    }
    return { ...act, clear }
  }
