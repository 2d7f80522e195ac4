import { registerHooks } from 'node:module'

/** Loaded before product: its list is E7's baseline without the count. */

const wanted = 'await productCount(app.db, { category })'

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (!url.endsWith('e7-count/baseline.ts')) return loaded
    const source = String(loaded.source)
    if (!source.includes(wanted))
      throw new Error(`E7's baseline.ts no longer contains "${wanted}". Update no-count.ts.`)
    return { ...loaded, source: source.replace(wanted, '{ total: Number(category === null) }') }
  },
})
