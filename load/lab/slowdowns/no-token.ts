import { registerHooks } from 'node:module'

/** Loaded before the gateway: every request has the same user, and no token is checked. */

const wanted = 'verifier.userOf'
const user = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (!url.endsWith('m2-token-cache/baseline.ts')) return loaded
    const source = String(loaded.source)
    if (!source.includes(wanted))
      throw new Error(`M2's baseline.ts no longer contains "${wanted}". Update no-token.ts.`)
    return { ...loaded, source: source.replace(wanted, `() => '${user}'`) }
  },
})
