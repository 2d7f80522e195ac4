import type { EdgeCache } from './seam.ts'

/** Every read goes to product, and its response says nothing of caching. */
export const baseline: EdgeCache = () => {}
