import { RecentlyUsed } from '@flash-deal/service'
import type { Move } from '../seam.ts'
import { hasSeen } from './snapshot.ts'

/** The maximum age of a count. For this time, writes of other processes may be missing. */
export const maxAgeMs = 10_000

/** The maximum number of cached counts; the least recently used is evicted first. */
const entriesMax = 1_000

type Counted = { total: number; snapshot: string }
type Entry = Counted & { freshUntil: number }

/**
 * Counts of products by category, `null` for all. A write changes a count exactly once: writes that
 * are visible in its snapshot are included, whenever they are reported; the others are added.
 */
export class Counts {
  readonly #entries = new RecentlyUsed<string | null, Entry>(entriesMax)
  /** The writes during each count in progress. */
  readonly #underWay = new Set<Move[]>()

  get(category: string | null): number | undefined {
    const entry = this.#entries.get(category)
    return entry && entry.freshUntil > performance.now() ? entry.total : undefined
  }

  /** Counts, and caches the result; caches nothing if the count fails. */
  async add(category: string | null, count: () => Promise<Counted | undefined>): Promise<number> {
    const freshUntil = performance.now() + maxAgeMs
    const meanwhile: Move[] = []
    this.#underWay.add(meanwhile)
    try {
      const { total, snapshot } = (await count()) ?? nothing
      const entry = { total, snapshot, freshUntil }
      for (const move of meanwhile) adjust(entry, category, move)
      this.#entries.set(category, entry)
      return entry.total
    } finally {
      this.#underWay.delete(meanwhile)
    }
  }

  /** A product without a category is included only in the count of all products. */
  move(move: Move): void {
    for (const meanwhile of this.#underWay) meanwhile.push(move)
    for (const category of new Set([null, move.to, move.from ?? null])) {
      const entry = this.#entries.get(category)
      if (entry) adjust(entry, category, move)
    }
  }
}

const nothing = { total: 0, snapshot: '1:1:' }

const adjust = (entry: Entry, category: string | null, move: Move): void => {
  if (!hasSeen(entry.snapshot, move.transaction_id)) entry.total += effectOf(move, category)
}

const effectOf = ({ from, to }: Move, category: string | null): number => {
  if (category === null) return from === undefined ? 1 : 0
  return Number(to === category) - Number(from === category)
}
