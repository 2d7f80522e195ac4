import { spawnSync } from 'node:child_process'
import { chownSync, readdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { PlainError } from './plain-error.ts'

/** Starts a program as a user other than root, because PostgreSQL refuses to run as root. */
export type Account = {
  run: (command: string, args: readonly string[]) => Command
  /** Changes the owner of a folder and its content to the account, if needed. */
  own: (folder: string) => void
}

type Command = { command: string; args: readonly string[]; uid?: number; gid?: number }

/**
 * Returns the first option that works: the current user; a user namespace mapped to nobody; the
 * account nobody.
 * @throws PlainError if none works
 */
export const accountFor = (program: string, folder: string): Account => {
  if (process.getuid?.() !== 0) return hasName() ? currentAccount : underOtherName()
  const account = [inNamespace, asNobody()].find(
    (each) => each && works(each, program, '--version') && works(each, 'ls', folder),
  )
  if (account) return account
  throw new PlainError(
    `PostgreSQL does not run as root; unshare does not work here, and the account "nobody" cannot reach ${program} and ${folder}. Run this as an ordinary user, or set DATABASE_URL.`,
  )
}

/** initdb requires a name for its user id. In a container an id may have no name. */
const hasName = (): boolean => {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** In the namespace our id maps to nobody, and so does the owner of our files. */
const underOtherName = (): Account => {
  if (works(inNamespace, 'id', '-un')) return inNamespace
  throw new PlainError(
    `PostgreSQL requires a user with a name; the id ${process.getuid?.()} has none, and unshare does not work here. Run this as a user in /etc/passwd, or set DATABASE_URL.`,
  )
}

const currentAccount: Account = { run: (command, args) => ({ command, args }), own: () => {} }

/** On disk the files still belong to root, so it works below folders that only root may enter. */
const inNamespace: Account = {
  run: (command, args) => ({
    command: 'unshare',
    args: ['--user', '--map-user=65534', '--map-group=65534', command, ...args],
  }),
  own: () => {},
}

/** For machines without user namespaces, such as containers. */
const asNobody = (): Account | undefined => {
  const uid = idOf('-u')
  const gid = idOf('-g')
  if (uid === undefined || gid === undefined) return undefined
  return {
    run: (command, args) => ({ command, args, uid, gid }),
    own: (folder) => give(folder, uid, gid),
  }
}

const idOf = (option: '-u' | '-g'): number | undefined => {
  const { status, stdout } = spawnSync('id', [option, 'nobody'], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

const works = (account: Account, program: string, argument: string): boolean => {
  const { command, args, ...ids } = account.run(program, [argument])
  return spawnSync(command, args, { ...ids, stdio: 'ignore' }).status === 0
}

const give = (folder: string, uid: number, gid: number): void => {
  chownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(folder, entry), uid, gid)
  }
}
