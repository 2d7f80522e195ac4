/** By the database's clock, in milliseconds since 1970: no longer from `until` on. */
export type Period = { from: number; until: number }

/** A page as it is sent, and when it is right. */
export type KeptPage = Period & { bytes: string | Buffer }

/** What is kept under one key: the page of now, and the one of after the next border. */
export type Kept = {
  /** Counted up by each invalidation. */
  generation: string
  now: KeptPage | undefined
  next: KeptPage | undefined
}

/** Where pages are kept. None of these rejects: what does not answer keeps nothing. */
export type KeptPages = {
  /** Undefined where nothing can be kept for the moment. */
  read(key: string): Promise<Kept | undefined>
  /** To be asked before the database is: what is read by then may be kept under it. */
  generation(): Promise<string | undefined>
  /** Is forgotten at once if all was invalidated since its writer asked for the generation. */
  write(key: string, slot: 'now' | 'next', page: KeptPage, generation: string): Promise<void>
  invalidate(): Promise<void>
}
