import { needing, type Resolved, type Scenarios, type Settings } from '@flash-deal/config'
import { PlainError } from './plain-error.ts'
import type { SystemStart } from './system-start.ts'
import { findValkey, startLockServers, waysToRedis } from './valkey.ts'

/** Whether an active scenario needs lock servers and no address is set. */
export const startsLockServers = (
  { REDLOCK_URLS }: Settings<'local'>,
  scenarios: Scenarios,
): boolean => REDLOCK_URLS.length === 0 && needing('redlock', scenarios).length > 0

/**
 * Finds the lock servers of Redlock before anything is started: those of REDLOCK_URLS, otherwise three
 * own Valkeys if a scenario needs them. The returned function starts those that are not running and
 * resolves to the addresses.
 *
 * @throws PlainError if they are needed and no Valkey program is found
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
