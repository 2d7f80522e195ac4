import type { EdgeCache } from './seam.ts'

/** Every read goes to product, and its response has no caching headers. */
export const baseline: EdgeCache = () => {}
