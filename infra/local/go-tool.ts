import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '@flash-deal/config'
import { toolEnvironment } from './child-environment.ts'
import { programOnPath } from './find-tool.ts'
import { codeOf, PlainError } from './plain-error.ts'

/** A program that Go builds from the source of a module. */
export type GoTool = {
  name: string
  /** The path of its package. */
  module: string
  /** The exact version. Go compares the source with the checksum database. */
  version: string
}

type Where = { tools: string; env: Environment; timeoutMs?: number }

const run = promisify(execFile)

/**
 * Builds a tool into its own folder, once. Resolves to the path of its program.
 *
 * @throws PlainError "could not be built, because …"
 */
export const buildGoTool = async (tool: GoTool, where: Where): Promise<string> => {
  const folder = join(where.tools, `${tool.name}-${tool.version}`)
  const program = join(folder, programOf(tool))
  if (existsSync(program)) return program
  await buildInto(folder, tool, where)
  if (!existsSync(program)) throw buildError(tool, `${program} is missing after the build`)
  return program
}

/** Go names a program after its package, and leaves out a major version at the end. */
const programOf = ({ module }: GoTool): string =>
  module
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1) ?? module

/** Builds into a temporary folder and renames it, so an interrupted or parallel build is safe. */
const buildInto = async (folder: string, tool: GoTool, where: Where): Promise<void> => {
  if (programOnPath('go', where.env) === undefined) throw buildError(tool, 'Go is missing')
  await mkdir(where.tools, { recursive: true })
  const fresh = await mkdtemp(`${folder}.new-`)
  try {
    const env = { ...toolEnvironment(where.env), GOBIN: fresh }
    const timeout = where.timeoutMs ?? 300_000
    await run('go', ['install', `${tool.module}@${tool.version}`], { env, timeout })
    await rename(fresh, folder).catch((error: unknown) => {
      // Another process may have built it meanwhile; its folder is equivalent.
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
    })
  } catch (error) {
    throw buildError(tool, reasonOf(error))
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

const reasonOf = (error: unknown): string => {
  const { stderr, killed, message } = error as Error & { stderr?: string; killed?: boolean }
  if (killed) return 'the build took too long'
  if (stderr === undefined) return message
  return `Go failed: ${stderr.trim().split('\n').at(-1) || message}`
}

const buildError = ({ name, version }: GoTool, reason: string): PlainError =>
  new PlainError(`${name} ${version} could not be built, because ${reason.replace(/\.$/, '')}`)
