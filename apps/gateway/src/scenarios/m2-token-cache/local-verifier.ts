import { ConfigError } from '@flash-deal/config'
import type { LocalVerifier } from '../m6-local-verify/seam.ts'
import type { TokenCacheOptions } from './seam.ts'

/** @throws ConfigError where auth verifies: nobody here knows how long its answers hold */
export const localOf = ({ verifier: { local } }: TokenCacheOptions): LocalVerifier => {
  if (local) return local
  throw new ConfigError(['Scenario M2 has no effect without M6. Set SCENARIO_M6=optimized too.'])
}
