import type { Environment } from '@flash-deal/config'

/**
 * Settings of a system under load from one address and few users: its rate limits (M4) count requests
 * and are never reached.
 */
export const loadLimits: Environment = {
  RATE_LIMIT_ADDRESS: '10000000',
  RATE_LIMIT_USER: '10000000',
  RATE_LIMIT_LOGINS: '10000000',
}
