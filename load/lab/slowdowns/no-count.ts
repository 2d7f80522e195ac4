import { registerHooks } from 'node:module'

/** Loaded before product, so that its list counts nothing and is otherwise E7's baseline. */

const wanted = 'await productCount(app.db, { category })'

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (!url.endsWith('e7-count/baseline.ts')) return loaded
    const source = String(loaded.source)
    if (!source.includes(wanted)) throw new Error(`E7's baseline.ts has no "${wanted}" any more.`)
    return { ...loaded, source: source.replace(wanted, '{ total: Number(category === null) }') }
  },
})
