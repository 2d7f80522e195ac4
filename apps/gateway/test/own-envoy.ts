import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment, readSettings } from '@flash-deal/config'
import { envoyArguments, findEnvoy } from '@flash-deal/local/envoy'
import { stateFolder } from '@flash-deal/local/paths'
import { freePorts } from '@flash-deal/local/ports'
import { internalKey, type Test } from '@flash-deal/testing'
import { safetyHeaders } from '../src/plugins/browser-safety.ts'
import { envoyConfig } from '../src/scenarios/h5-gateway-proxy/envoy/config.ts'
import { until } from './until.ts'

/** The program, or why there is none. */
export const envoyProgram = async (): Promise<{ program: string } | { reason: string }> => {
  const tools = join(stateFolder(readSettings('local')), 'tools')
  const found = await findEnvoy(environment(), tools)
  if ('program' in found) return found
  return { reason: found.how === 'none' ? found.reason : 'it is a setting' }
}

/** Limits that no test of something else meets. */
const limits = { RATE_LIMIT_ADDRESS: '100000', RATE_LIMIT_USER: '100000' }

type Before = {
  gatewayUrl: string
  /** Those of the gateway, as they would stand in the environment. */
  given: Record<string, string>
}

/** An Envoy of a test's own before a Node gateway. */
export const ownEnvoy = async (
  t: Test,
  before: Before,
): Promise<{ url: string; adminUrl: string }> => {
  const found = await envoyProgram()
  if ('reason' in found) throw new Error(`There is no Envoy: ${found.reason}.`)
  const [port = 0, adminPort = 0] = await freePorts(2)
  const file = configFor(t, before, port, adminPort)
  const child = spawn(found.program, envoyArguments(file), { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = text(child.stderr)
  const gone = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const ready = until(() => isReady(adminUrl))
  await Promise.race([ready, gone.then(async () => Promise.reject(new Error(await said)))])
  return { url: `http://127.0.0.1:${port}`, adminUrl }
}

const configFor = (t: Test, before: Before, port: number, adminPort: number): string => {
  const settings = readSettings('gateway', {
    ...{ NODE_ENV: 'test', INTERNAL_KEY: internalKey, DEADLINE_MS: '30000' },
    ...limits,
    ...before.given,
    GATEWAY_PORT: String(port),
  })
  const folder = mkdtempSync(join(tmpdir(), 'own-envoy-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'envoy.json')
  const { gatewayUrl } = before
  const options = { settings, gatewayUrl, adminPort }
  writeFileSync(file, JSON.stringify(envoyConfig({ ...options, safetyHeaders: safetyHeaders() })))
  return file
}

const isReady = (adminUrl: string): Promise<boolean> =>
  fetch(`${adminUrl}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
