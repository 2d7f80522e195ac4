import type { DereferencedDocument, OpenApiDocument } from './openapi.ts'

type Json = { readonly [key: string]: unknown }

/**
 * Replaces every local `$ref` of a document by its target, because validators and serializers need
 * complete schemas. Two references to the same target share one object. The document must have no
 * cycles.
 */
export const dereference = (document: OpenApiDocument): DereferencedDocument => {
  const known = new Map<string, unknown>()
  const named = (ref: string): unknown => {
    if (!known.has(ref)) known.set(ref, resolve(lookUp(document, ref)))
    return known.get(ref)
  }
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve)
    if (!isObject(node)) return node
    if (typeof node.$ref === 'string') return named(node.$ref)
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]))
  }
  // No reference is left now; the compiler cannot infer that.
  return resolve(document) as DereferencedDocument
}

/** @throws Error if the reference has no target */
const lookUp = (document: OpenApiDocument, ref: string): unknown => {
  let node: unknown = document
  for (const key of ref.replace('#/', '').split('/')) {
    node = isObject(node) ? node[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  if (node === undefined) throw new Error(`The reference ${ref} has no target.`)
  return node
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
