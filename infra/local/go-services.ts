import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inGo, isInGo, type Scenarios } from '@flash-deal/config'
import { toolEnvironment } from './child-environment.ts'
import { programOnPath } from './find-tool.ts'
import { root } from './paths.ts'
import { PlainError } from './plain-error.ts'
import type { Service } from './services.ts'
import type { SystemStart } from './system-start.ts'

/** The services in Go (SCENARIO_H3, SCENARIO_H4). They are built on demand and replace those in Node. */

const run = promisify(execFile)

/** The command that starts a service. */
export type Program = { command: string; args: readonly string[] }

/** @param nodeOptions options of Node; a service in Go has none */
export type ProgramOf = (
  service: Pick<Service, 'name' | 'entry'>,
  nodeOptions?: readonly string[],
) => Program

/** Options with which Node restarts a service when a file changes. A service in Go is built once. */
export const watchOptions = ['--watch', '--watch-preserve-output']

type Builder = Pick<SystemStart, 'inherited' | 'tools' | 'abort' | 'say'>
type GoService = keyof typeof inGo

/**
 * Builds the services that run in Go, and returns the command of each service.
 *
 * @throws PlainError if one cannot be built; the service in Node never replaces it
 */
export const programsFor = async (builder: Builder, scenarios: Scenarios): Promise<ProgramOf> => {
  const built = new Map<string, string>()
  for (const name of Object.keys(inGo) as GoService[]) {
    if (isInGo(name, scenarios)) built.set(name, await build(builder, name))
  }
  return ({ name, entry }, nodeOptions = []) => {
    const command = built.get(name)
    return command === undefined
      ? { command: process.execPath, args: [...nodeOptions, entry] }
      : { command, args: [] }
  }
}

/** Go itself detects changes since the last build; without changes it takes half a second. */
const build = async (builder: Builder, name: GoService): Promise<string> => {
  const { inherited, tools, abort, say } = builder
  const go = programOnPath('go', inherited)
  if (go === undefined) {
    throw new PlainError(
      `${inGo[name]}=optimized is ${name} in Go, and there is no Go on PATH. Install Go 1.26 or newer from https://go.dev/dl. Or switch it off.`,
    )
  }
  mkdirSync(tools, { recursive: true })
  const program = join(tools, `${name}-go`)
  if (!existsSync(program)) say(`Building ${name} in Go, once; this takes about a minute …`)
  // Renamed into place, because the program may be running. Several builds may run at once, even in one process.
  const draft = `${program}.${randomUUID()}`
  const options = ['-ldflags=-s -w', '-o', draft, `./apps/${name}-go`]
  try {
    await run(go, ['build', ...options], {
      cwd: root,
      env: buildEnvironment(builder),
      signal: abort,
    })
  } catch (error) {
    throw new PlainError(`${name} in Go cannot be built: ${reasonOf(error)}`)
  }
  renameSync(draft, program)
  return program
}

/** Without the C library: a static program. */
const buildEnvironment = ({ inherited, tools }: Builder): NodeJS.ProcessEnv => ({
  ...(inherited.HOME ? {} : { GOPATH: join(tools, 'go'), GOCACHE: join(tools, 'go-cache') }),
  ...toolEnvironment(inherited),
  CGO_ENABLED: '0',
})

const reasonOf = (error: unknown): string => {
  const { stderr, message } = error as Error & { stderr?: string }
  return stderr?.trim().split('\n').slice(-5).join('\n') || message
}
