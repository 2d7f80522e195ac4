import type { Database } from './database.ts'
import type { Statement } from './queryable.ts'

const diskFull = '53100'

/** Insufficient resources: disk full, or a configured limit exceeded. */
const noRoom = /^53[14]00$/

/** Larger results are written to a temporary file, which is removed when the statement ends. */
const littleMemory: Statement = {
  name: 'little_memory',
  text: "select set_config('work_mem', '64kB', true)",
}
/** Writes about 1.5 MB. It stores no rows and needs no privileges. */
const spill: Statement = {
  name: 'spill',
  text: 'select count(*) from generate_series(1, 100000)',
}

/**
 * With a full disk, PostgreSQL serves reads and stores nothing. After a statement has failed with
 * disk full, the disk counts as full until PostgreSQL can write a temporary file.
 */
export class Disk {
  #isFull = false
  #probe: Promise<void> | undefined

  /** Records the error of a failed statement. */
  note(error: unknown): void {
    if (codeOf(error) === diskFull) this.#isFull = true
  }

  /** Probes only if the disk was full. Concurrent callers share one probe. @throws Error */
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
  Object.assign(new Error('The disk of PostgreSQL is full.', { cause }), { code: diskFull })

/** The code of the error or of its cause. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  const own = 'code' in error ? String(error.code) : ''
  return /^\d/.test(own) ? own : codeOf(error.cause)
}
