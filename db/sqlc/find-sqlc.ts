import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { environment } from '@flash-deal/config'

/** Another version writes other files: a found sqlc counts only where it is this one. */
export const sqlcVersion = 'v1.31.1'

const sqlcModule = 'github.com/sqlc-dev/sqlc/cmd/sqlc'

/** The command that runs sqlc on this machine, or nothing where it is not installed. */
export const findSqlc = (tools: string): string | undefined =>
  ['sqlc', ...goFolders().map((folder) => join(folder, 'bin', 'sqlc')), join(tools, 'sqlc')].find(
    (command) => answerOf(command, ['version']) === sqlcVersion,
  )

const goFolders = (): string[] => answerOf('go', ['env', 'GOPATH'])?.split(delimiter) ?? []

export const hasGo = (): boolean => answerOf('go', ['version']) !== undefined

/** Builds sqlc into `tools`; nothing where that fails, for which Go has then said why. */
export const installSqlc = (tools: string): string | undefined => {
  const { status } = spawnSync('go', ['install', `${sqlcModule}@${sqlcVersion}`], {
    env: { ...environment(), GOBIN: tools },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0 ? join(tools, 'sqlc') : undefined
}

/** What a command prints, or nothing where there is no such command or it fails. */
const answerOf = (command: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
