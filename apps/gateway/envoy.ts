import { settingsFor, writeConfig } from './proxy-config.ts'
import { safetyHeaders } from './src/plugins/browser-safety.ts'
import { envoyConfig } from './src/scenarios/h5-gateway-proxy/envoy/config.ts'

/**
 * Writes Envoy's configuration (H5). Without arguments it writes the committed file, with the default of
 * every setting; `--check` only compares it. `envoy.ts FILE GATEWAY_URL ADMIN_PORT` writes a file to
 * run, from the settings of the environment. Only its owner may read it: it has the internal key.
 */

const [target, gatewayUrl = 'http://127.0.0.1:8010', adminPort = '9000'] = process.argv.slice(2)

const config = envoyConfig({
  settings: settingsFor(target),
  gatewayUrl,
  adminPort: Number(adminPort),
  safetyHeaders: safetyHeaders(),
})
writeConfig('envoy', target, config, 0o600)
