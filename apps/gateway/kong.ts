import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { safetyHeaders } from './src/plugins/browser-safety.ts'
import { kongConfig, type PublicKey } from './src/scenarios/h5-gateway-proxy/kong/config.ts'

/**
 * Writes Kong's declarative configuration (H5). Without arguments the committed one, with every
 * setting at its default and no key; `--check` only compares that. `kong.ts FILE GATEWAY_URL` writes
 * one to run, from the settings of the environment and the keys that auth shows now: it holds the
 * internal key.
 */

const [first, gatewayUrl = 'http://127.0.0.1:8010'] = process.argv.slice(2)
const isToRun = first !== undefined && first !== '--check'
const committed = join(import.meta.dirname, 'gen/kong.json')
const file = isToRun ? first : committed

const settings = isToRun
  ? readSettings('gateway')
  : readSettings('gateway', { INTERNAL_KEY: 'written-at-the-start' })

const keysOf = async (url: string): Promise<PublicKey[]> => {
  const answer = await fetch(`${url}/auth/.well-known/jwks.json`)
  const { keys } = (await answer.json()) as { keys: PublicKey[] }
  return keys
}

const keys = isToRun ? await keysOf(settings.AUTH_URLS[0] ?? '') : []
const config = kongConfig({ settings, gatewayUrl, keys, safetyHeaders: safetyHeaders() })
const text = `${JSON.stringify(config, null, 2)}\n`

const isWritten = (): boolean => {
  try {
    return readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}

if (first !== '--check') {
  writeFileSync(file, text)
  chmodSync(file, 0o644)
} else if (!isWritten()) {
  console.error('apps/gateway/gen/kong.json is not up to date. Run npm run generate.')
  process.exitCode = 1
}
