import type { Database } from './database.ts'
import type { Statement } from './queryable.ts'

const diskFull = '53100'

/** Insufficient resources: the disk, or what an administrator allows of it. */
const noRoom = /^53[14]00$/

/** More than that goes to the disk, in a file that is gone when the statement ends. */
const littleMemory: Statement = {
  name: 'little_memory',
  text: "select set_config('work_mem', '64kB', true)",
}
/** About 1.5 MB. Nothing is stored, so nothing is to be cleared away, and no right is needed. */
const spill: Statement = {
  name: 'spill',
  text: 'select count(*) from generate_series(1, 100000)',
}

/**
 * With a full disk PostgreSQL answers every question and stores nothing. When a statement has failed
 * for that, the disk counts as full until PostgreSQL could write a temporary file to it.
 */
export class Disk {
  #isFull = false
  #probe: Promise<void> | undefined

  /** Looks at why a statement failed. */
  note(error: unknown): void {
    if (codeOf(error) === diskFull) this.#isFull = true
  }

  /** Asks only where the disk was full, and once for all that want to know. @throws Error */
  async check(db: Database): Promise<void> {
    if (!this.#isFull) return
    this.#probe ??= this.#write(db).finally(() => {
      this.#probe = undefined
    })
    await this.#probe
  }

  async #write(db: Database): Promise<void> {
    try {
      await db.transaction(async (tx) => {
        await tx.query(littleMemory, [])
        await tx.query(spill, [])
      })
      this.#isFull = false
    } catch (error) {
      throw noRoom.test(codeOf(error)) ? full(error) : error
    }
  }
}

const full = (cause: unknown): Error =>
  Object.assign(new Error('PostgreSQL has no disk left.', { cause }), { code: diskFull })

/** Of the error itself, or of what it was caused by. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  const own = 'code' in error ? String(error.code) : ''
  return /^\d/.test(own) ? own : codeOf(error.cause)
}
