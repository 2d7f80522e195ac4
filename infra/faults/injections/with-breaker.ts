import { type PrepareFault, restartWith } from './prepared-fault.ts'

/** M5's circuit breaker before product, with short times, so that a sale covers all its states. */
const breaker = {
  SCENARIO_M5: 'optimized',
  BREAKER_CALLS_MIN: '4',
  BREAKER_TIMEOUT_MS: '500',
  BREAKER_OPEN_MS: '500',
}

/** Prepares the fault with M5 on. Restarts all services, because the gateway compares their variants. */
export const withBreaker =
  (prepare: PrepareFault): PrepareFault =>
  async (context) => {
    const own = { auth: breaker, product: breaker, order: breaker, gateway: breaker }
    const restore = await restartWith(context.stack, own)
    const prepared = await prepare(context)
    const cleanup = async (): Promise<void> => {
      await prepared.cleanup?.()
      await restore()
    }
    return { ...prepared, cleanup }
  }
