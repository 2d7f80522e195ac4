import type { Environment } from '@flash-deal/config'

/**
 * Settings of a system that is loaded from one address and by few users: its rate limits (M4) are
 * counted and never met.
 */
export const loadLimits: Environment = {
  RATE_LIMIT_ADDRESS: '10000000',
  RATE_LIMIT_USER: '10000000',
  RATE_LIMIT_LOGINS: '10000000',
}
