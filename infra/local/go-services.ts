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

/** The services in Go (SCENARIO_H3, SCENARIO_H4): built when they are needed, in place of those in Node. */

const run = promisify(execFile)

/** What starts a service. */
export type Program = { command: string; args: readonly string[] }

type Builder = Pick<SystemStart, 'inherited' | 'tools' | 'abort' | 'say'>
type GoService = keyof typeof inGo

/**
 * Builds those services that the scenarios want in Go, and returns what starts each service.
 *
 * @throws PlainError if one is wanted in Go and cannot be built: nothing falls back
 */
export const programsFor = async (
  builder: Builder,
  scenarios: Scenarios,
): Promise<(service: Pick<Service, 'name' | 'entry'>) => Program> => {
  const built = new Map<string, string>()
  for (const name of Object.keys(inGo) as GoService[]) {
    if (isInGo(name, scenarios)) built.set(name, await build(builder, name))
  }
  return ({ name, entry }) => {
    const command = built.get(name)
    return command === undefined
      ? { command: process.execPath, args: [entry] }
      : { command, args: [] }
  }
}

/** Go itself finds out what has changed since the last build; nothing takes half a second. */
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
  // Renamed into place: the program may run already. Several builds may run at once, in one process too.
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

/** Without the C library: one file that runs anywhere. */
const buildEnvironment = ({ inherited, tools }: Builder): NodeJS.ProcessEnv => ({
  ...(inherited.HOME ? {} : { GOPATH: join(tools, 'go'), GOCACHE: join(tools, 'go-cache') }),
  ...toolEnvironment(inherited),
  CGO_ENABLED: '0',
})

const reasonOf = (error: unknown): string => {
  const { stderr, message } = error as Error & { stderr?: string }
  return stderr?.trim().split('\n').slice(-5).join('\n') || message
}
