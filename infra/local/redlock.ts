import { needing, type Resolved, type Scenarios, type Settings } from '@flash-deal/config'
import { PlainError } from './plain-error.ts'
import type { SystemStart } from './system-start.ts'
import { findValkey, startLockServers, waysToRedis } from './valkey.ts'

/** Whether a scenario that is on needs Valkeys for its locks, and none were named. */
export const startsLockServers = (
  { REDLOCK_URLS }: Settings<'local'>,
  scenarios: Scenarios,
): boolean => REDLOCK_URLS.length === 0 && needing('redlock', scenarios).length > 0

/**
 * Finds the Valkeys of Redlock, before anything is started: those of REDLOCK_URLS, else three of our
 * own, where a scenario needs them. The function that it returns starts those that do not run yet,
 * and answers the addresses.
 *
 * @throws PlainError where they are needed and there is no program to start
 */
export const redlockOf = async (
  { inherited: env, settings, state: folder, supervisor, tools, abort }: SystemStart,
  { scenarios }: Pick<Resolved, 'scenarios'>,
): Promise<() => Promise<readonly string[]>> => {
  const { REDLOCK_URLS, REDLOCK_PORTS: ports } = settings
  if (!startsLockServers(settings, scenarios)) return async () => REDLOCK_URLS
  const found = await findValkey(env, tools, { abort })
  if (!('program' in found)) {
    const reason = found.how === 'none' ? `: ${found.reason}` : ''
    throw new PlainError(
      `M1=redlock needs three Valkeys, and there is none${reason}. ${waysToRedis('REDLOCK_URLS')} Or switch it off.`,
    )
  }
  return () => startLockServers({ supervisor, program: found.program, folder, ports })
}
