import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, readSettings } from '@flash-deal/config'
import { drainEnvoy, envoyArguments, findEnvoy } from '@flash-deal/local/envoy'
import { stateFolder } from '@flash-deal/local/paths'
import { freePorts } from '@flash-deal/local/ports'
import { Supervisor } from '@flash-deal/local/supervisor'
import { internalKey, type Test, until } from '@flash-deal/testing'
import tap from 'tap'
import { safetyHeaders } from '../src/plugins/browser-safety.ts'
import { envoyConfig } from '../src/scenarios/h5-gateway-proxy/envoy/config.ts'

/** The program, or the reason why it is missing. */
export const envoyProgram = async (): Promise<{ program: string } | { reason: string }> => {
  const tools = join(stateFolder(readSettings('local')), 'tools')
  const found = await findEnvoy(environment(), tools)
  if ('program' in found) return found
  return { reason: found.how === 'none' ? found.reason : 'it is a setting' }
}

/** Limits that other tests never reach. */
const limits = { RATE_LIMIT_ADDRESS: '100000', RATE_LIMIT_USER: '100000' }

type Before = {
  gatewayUrl: string
  /** The settings of the gateway, as in the environment. */
  given: Record<string, string>
}

/** `stop` drains it first. */
export type OwnEnvoy = { url: string; adminUrl: string; stop: () => Promise<void> }

/** A separate Envoy in front of a Node gateway. */
export const ownEnvoy = async (t: Test, before: Before): Promise<OwnEnvoy> => {
  const found = await envoyProgram()
  if ('reason' in found) throw new Error(`There is no Envoy: ${found.reason}.`)
  const [port = 0, adminPort = 0] = await freePorts(2)
  const file = configFor(t, before, port, adminPort)
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const name = `envoy-${port}`
  supervisor().start({
    ...{ name, kind: 'service', output: 'lines', command: found.program, env: {} },
    args: envoyArguments(file),
    drain: () => drainEnvoy(adminUrl),
  })
  const gone = supervisor().exited(name)
  // Without draining: a test may leave a request without its response.
  t.teardown(async () => {
    if (supervisor().pid(name) !== undefined) supervisor().kill(name, 'SIGKILL')
    await gone
  })
  await Promise.race([until(() => isReady(adminUrl)), gone.then(() => failed(name))])
  const url = `http://127.0.0.1:${port}`
  return { url, adminUrl, stop: () => supervisor().stop(name) }
}

/** One for all Envoys of a file: its watchdog ends them when the file is killed. */
let shared: Supervisor | undefined

const supervisor = (): Supervisor => {
  if (shared) return shared
  const own = new Supervisor()
  shared = own
  tap.teardown(() => own.stopAll())
  return own
}

const failed = (name: string): never => {
  throw new Error(`Envoy has ended: ${supervisor().lastLines(name).join('\n')}`)
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
