import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { safetyHeaders } from './src/plugins/browser-safety.ts'
import { envoyConfig } from './src/scenarios/h5-gateway-proxy/envoy/config.ts'

/**
 * Writes Envoy's configuration (H5). Without arguments the committed one, with every setting at its
 * default; `--check` only compares that. `envoy.ts FILE GATEWAY_URL ADMIN_PORT` writes one to run,
 * from the settings of the environment: it holds the internal key, so only its owner may read it.
 */

const [first, gatewayUrl = 'http://127.0.0.1:8010', adminPort = '9000'] = process.argv.slice(2)
const isToRun = first !== undefined && first !== '--check'
const committed = join(import.meta.dirname, 'gen/envoy.json')
const file = isToRun ? first : committed

const settings = isToRun
  ? readSettings('gateway')
  : readSettings('gateway', { INTERNAL_KEY: 'written-at-the-start' })
const config = envoyConfig({
  settings,
  gatewayUrl,
  adminPort: Number(adminPort),
  safetyHeaders: safetyHeaders(),
})
const text = `${JSON.stringify(config, null, 2)}\n`

const isWritten = (): boolean => {
  try {
    return readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}

if (first !== '--check') {
  writeFileSync(file, text, { mode: 0o600 })
  if (!isToRun) chmodSync(file, 0o644)
} else if (!isWritten()) {
  console.error('apps/gateway/gen/envoy.json is not up to date. Run npm run generate.')
  process.exitCode = 1
}
