import { ConfigError } from '@flash-deal/config'
import type { LocalVerifier } from '../m6-local-verify/seam.ts'
import type { TokenCacheOptions } from './seam.ts'

/** @throws ConfigError if auth verifies: the gateway does not know how long its results are valid */
export const localOf = ({ verifier: { local } }: TokenCacheOptions): LocalVerifier => {
  if (local) return local
  throw new ConfigError(['Scenario M2 has no effect without M6. Set SCENARIO_M6=optimized too.'])
}
