import { isToRun, settingsFor, writeConfig } from './proxy-config.ts'
import { safetyHeaders } from './src/plugins/browser-safety.ts'
import { kongConfig, type PublicKey } from './src/scenarios/h5-gateway-proxy/kong/config.ts'

/**
 * Writes Kong's declarative configuration (H5). Without arguments it writes the committed file, with the
 * default of every setting and no key; `--check` only compares it. `kong.ts FILE GATEWAY_URL` writes a
 * file to run, from the settings of the environment and the current keys of auth. It has the internal
 * key, and Kong's user in the container must be able to read it.
 */

const [target, gatewayUrl = 'http://127.0.0.1:8010'] = process.argv.slice(2)

const keysOf = async (url: string): Promise<PublicKey[]> => {
  const response = await fetch(`${url}/auth/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: PublicKey[] }
  return keys
}

const settings = settingsFor(target)
const keys = isToRun(target) ? await keysOf(settings.AUTH_URLS[0] ?? '') : []
const config = kongConfig({ settings, gatewayUrl, keys, safetyHeaders: safetyHeaders() })
writeConfig('kong', target, config, 0o644)
