import type { Settings } from '@flash-deal/config'
import { clientOfAddress } from '../../domain/client-address.ts'
import type { Limit, LimitName } from './seam.ts'

/** Seconds in milliseconds. */
const msOf = (seconds: number): number => seconds * 1_000

/** The limits of a gateway, by its settings. */
export const limitsFrom = (settings: Settings<'gateway'>): Readonly<Record<LimitName, Limit>> => ({
  address: {
    name: 'address',
    max: settings.RATE_LIMIT_ADDRESS,
    windowMs: msOf(settings.RATE_LIMIT_WINDOW_S),
    clientOf: ({ ip }) => clientOfAddress(ip),
  },
  // The user, not the token: all tokens of a user share one count.
  user: {
    name: 'user',
    max: settings.RATE_LIMIT_USER,
    windowMs: msOf(settings.RATE_LIMIT_WINDOW_S),
    clientOf: ({ userId }) => userId,
  },
  logins: {
    name: 'logins',
    max: settings.RATE_LIMIT_LOGINS,
    windowMs: msOf(settings.RATE_LIMIT_LOGINS_WINDOW_S),
    clientOf: ({ ip }) => clientOfAddress(ip),
  },
})
