import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Environment, readSettings } from '@flash-deal/config'
import { toolEnvironment } from './child-environment.ts'
import { type Found, findTool } from './find-tool.ts'
import { root, stateFolder } from './paths.ts'
import { PlainError } from './plain-error.ts'
import { fetchWheel, type Wheel } from './python-wheel.ts'

/** Runs schemathesis, which generates requests from the contract and validates the responses. */

const wheel: Wheel = {
  name: 'schemathesis',
  version: '4.32.5',
  constraints: join(import.meta.dirname, 'schemathesis-constraints.txt'),
  program: 'bin/schemathesis',
}

/** Its dependencies take pip minutes on a slow line or a busy machine. */
const installTimeoutMs = 300_000

/** Only the pinned version: another one has other findings. */
export const findSchemathesis = (env: Environment): Promise<Found> => {
  const tools = join(stateFolder(readSettings('local', env)), 'tools')
  const fetch = () => fetchWheel(wheel, { tools, env, timeoutMs: installTimeoutMs })
  return findTool({ package: { name: `${wheel.name} ${wheel.version}`, fetch } }, env)
}

export type Properties = {
  program: string
  env: Environment
  /** The gateway's address and a user's token. */
  url: string
  token: string
  seed: number
  /** More options of `schemathesis run`, such as the number of examples. */
  options?: readonly string[]
  /** Ends a run that hangs; its output so far is reported as a finding. */
  timeoutMs?: number
}

/**
 * Checks a running system against the contract it serves. Options: `contracts/schemathesis.toml`.
 *
 * @returns whether there were no findings, and the output of the tool
 */
export const checkProperties = async (given: Properties) => {
  const folder = await mkdtemp(join(tmpdir(), 'flash-deal-properties-'))
  try {
    const contract = join(folder, 'openapi.yaml')
    await writeFile(contract, quickToGenerate(await servedContract(given.url)))
    return await runTool(given, contract, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const servedContract = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/openapi.yaml`, { signal: AbortSignal.timeout(10_000) })
  if (answer.ok) return answer.text()
  throw new PlainError(`${url}/openapi.yaml responded with ${answer.status}.`)
}

/**
 * The contract excludes lone surrogates by listing all other characters, a million. The tool enumerates
 * them for each string, which takes seconds. It sends UTF-8 and cannot encode a surrogate, so these
 * shorter patterns are equivalent.
 */
const quickToGenerate = (contract: string): string =>
  contract
    .replaceAll('"^[\\x01-\uD7FF\uE000-\u{10FFFF}]*$"', () => "'^[^\\x00]*$'")
    .replaceAll(/^ *pattern: "\^\[\\0-\uD7FF\uE000-\u{10FFFF}\]\*\$"\n/gmu, '')

const runTool = async (given: Properties, contract: string, cwd: string) => {
  const { program, token, url, seed, options = [], timeoutMs } = given
  const config = join(root, 'contracts/schemathesis.toml')
  const args = ['--no-color', '--config-file', config, 'run', contract, '--url', url]
  const python = { PYTHONPATH: dirname(dirname(program)), FORCE_COLOR: '' }
  const env = { ...toolEnvironment(given.env), ...python, FLASH_DEAL_TOKEN: token }
  const tool = spawn(program, [...args, '--seed', String(seed), ...options], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs && { timeout: timeoutMs }),
  })
  const ended = Promise.withResolvers<number | null>()
  tool.on('error', ended.reject).on('close', ended.resolve)
  const [code, output, errors] = await Promise.all([
    ended.promise,
    text(tool.stdout),
    text(tool.stderr),
  ])
  return { passed: code === 0, report: output + errors }
}
