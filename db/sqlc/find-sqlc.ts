import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { environment } from '@flash-deal/config'

/** The required version: another one generates different files. */
export const sqlcVersion = 'v1.31.1'

const sqlcModule = 'github.com/sqlc-dev/sqlc/cmd/sqlc'

/** The command that runs sqlc; undefined if this version is not installed. */
export const findSqlc = (tools: string): string | undefined =>
  ['sqlc', ...goFolders().map((folder) => join(folder, 'bin', 'sqlc')), join(tools, 'sqlc')].find(
    (command) => answerOf(command, ['version']) === sqlcVersion,
  )

const goFolders = (): string[] => answerOf('go', ['env', 'GOPATH'])?.split(delimiter) ?? []

export const hasGo = (): boolean => answerOf('go', ['version']) !== undefined

/** Builds sqlc into `tools`; undefined if that fails, after Go has printed the reason. */
export const installSqlc = (tools: string): string | undefined => {
  const { status } = spawnSync('go', ['install', `${sqlcModule}@${sqlcVersion}`], {
    env: { ...environment(), GOBIN: tools },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0 ? join(tools, 'sqlc') : undefined
}

/** The output of a command; undefined if it does not exist or fails. */
const answerOf = (command: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
