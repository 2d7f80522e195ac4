import type { DereferencedDocument, OpenApiDocument } from './openapi.ts'

type Json = { readonly [key: string]: unknown }

/**
 * The document with every local `$ref` replaced by what it names, because validators and
 * serializers want whole schemas. What is named twice is the same object in both places. Cycles
 * are an error: no contract has one.
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
  // Only the walk knows that no reference is left; a type cannot follow it.
  return resolve(document) as DereferencedDocument
}

/** @throws Error where nothing stands there */
const lookUp = (document: OpenApiDocument, ref: string): unknown => {
  let node: unknown = document
  for (const key of ref.replace('#/', '').split('/')) {
    node = isObject(node) ? node[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  if (node === undefined) throw new Error(`Nothing stands at ${ref}.`)
  return node
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
