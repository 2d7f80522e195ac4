/** A period by the database's clock, in milliseconds since 1970, without `until` itself. */
export type Period = { from: number; until: number }

/** The bytes of a page, and the period in which it is valid. */
export type CachedPage = Period & { bytes: string | Buffer }

/** The pages under one key: the current page, and the page after the next boundary. */
export type StoredPages = {
  /** Incremented by each invalidation. */
  generation: string
  now: CachedPage | undefined
  next: CachedPage | undefined
}

/** The store of pages. Its methods never reject: an unavailable store is treated as empty. */
export type PageStore = {
  /** Undefined if the store is unavailable. */
  read(key: string): Promise<StoredPages | undefined>
  /** Call it before the read from the database: the page is stored under this generation. */
  generation(): Promise<string | undefined>
  /** Discards the page if the generation has changed since its writer read it. */
  write(key: string, slot: 'now' | 'next', page: CachedPage, generation: string): Promise<void>
  invalidate(): Promise<void>
}
