/** A period by the database's clock, in milliseconds since 1970, without `until` itself. */
export type Period = { from: number; until: number }

/** The bytes of a page, and the period in which it is valid. */
export type KeptPage = Period & { bytes: string | Buffer }

/** The pages under one key: the current page, and the page after the next border. */
export type Kept = {
  /** Incremented by each invalidation. */
  generation: string
  now: KeptPage | undefined
  next: KeptPage | undefined
}

/** The store of pages. Its methods never reject: an unavailable store is treated as empty. */
export type KeptPages = {
  /** Undefined if the store is unavailable. */
  read(key: string): Promise<Kept | undefined>
  /** Call it before the read from the database: the page is stored under this generation. */
  generation(): Promise<string | undefined>
  /** Discards the page if the generation has changed since its writer read it. */
  write(key: string, slot: 'now' | 'next', page: KeptPage, generation: string): Promise<void>
  invalidate(): Promise<void>
}
