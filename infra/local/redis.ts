import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { needing, type Resolved } from '@flash-deal/config'
import { PlainError } from './plain-error.ts'
import type { SystemStart } from './system-start.ts'
import { findRedis, startValkey, waysToRedis } from './valkey.ts'

type Redis = { url: () => Promise<string | undefined>; absence: string }

/**
 * Looks up Redis before anything is started, because a scenario that needs it cannot start without.
 */
export const redisOf = async ({
  state,
  tools,
  inherited,
  resolved,
  settings,
  supervisor,
  abort,
  say,
}: SystemStart): Promise<Redis> => {
  if (!existsSync(tools) && !inherited.REDIS_URL) say('Looking for Valkey or Redis …')
  const found = await findRedis(inherited, tools, { abort })
  if (found.how === 'environment') return { url: async () => found.value, absence: '' }
  if (found.how === 'none') {
    refuseNeeds(resolved, found.reason)
    say(`The system runs without Redis: ${found.reason}. ${waysToRedis()}`)
    return { url: async () => undefined, absence: 'none' }
  }
  const { program } = found
  const folder = join(state, 'valkey')
  const port = settings.VALKEY_PORT
  return {
    url: () => startValkey({ supervisor, program, folder, port }),
    absence: '',
  }
}

const refuseNeeds = ({ scenarios }: Resolved, reason: string): void => {
  const names = needing('redis', scenarios)
  if (names.length === 0) return
  const [need, it] = names.length === 1 ? ['needs', 'it'] : ['need', 'them']
  throw new PlainError(
    `${names.join(', ')} ${need} Redis, and there is none: ${reason}. ${waysToRedis()} Or switch ${it} off.`,
  )
}
