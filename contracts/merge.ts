import { isDeepStrictEqual } from 'node:util'
import { isObject } from './dereference.ts'
import {
  methods,
  type OpenApiDocument,
  type PathItem,
  type Reference,
  type ServiceName,
  serviceNames,
} from './openapi.ts'

type Documents = Readonly<Record<ServiceName, OpenApiDocument>>
type Paths = OpenApiDocument['paths']
type Components = OpenApiDocument['components']

/** Merges all contracts into one document, without what clients of the gateway cannot use. */
export const merge = (documents: Documents): OpenApiDocument => {
  const all = serviceNames.map((name) => documents[name])
  const paths = join(serviceNames.map((name) => publicPaths(name, documents[name].paths)))
  return {
    openapi: documents.gateway.openapi,
    info: { ...documents.gateway.info, ...about },
    // Relative to the URL of the document, so that it is valid for any host.
    servers: [{ url: '/', description: 'The gateway.' }],
    tags: tagsOf(all, paths),
    paths,
    components: componentsOf(all, paths),
  }
}

const about = {
  title: 'Flash Deal',
  description: 'Products, deals and orders, sold first come, first served. The API of the gateway.',
}

/** Without internal operations, and without the services' `/health`, which the gateway does not route. */
const publicPaths = (name: ServiceName, paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).filter(([path, item]) => {
      const isOwnHealth = name !== 'gateway' && /^\/health(\/|$)/.test(path)
      return !isOwnHealth && !tagsIn(item).includes('internal')
    }),
  )

const tagsIn = (item: PathItem<Reference>): string[] =>
  methods.flatMap((method) => item[method]?.tags ?? [])

const tagsOf = (all: OpenApiDocument[], paths: Paths): OpenApiDocument['tags'] => {
  const used = new Set(Object.values(paths).flatMap(tagsIn))
  const byName = new Map(all.flatMap(({ tags }) => tags).map((tag) => [tag.name, tag]))
  return [...byName.values()]
    .filter(({ name }) => used.has(name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** The used components of all contracts. Components with the same name must be equal. */
const componentsOf = (all: OpenApiDocument[], paths: Paths): Components => {
  const kinds = [...new Set(all.flatMap(({ components }) => Object.keys(components)))].sort()
  const joined = Object.fromEntries(
    kinds.map((kind) => [kind, join(all.map(({ components }) => components[kind] ?? {}))]),
  )
  const used = reachable(paths, joined)
  const only = ([kind, named]: [string, Components[string]]) => {
    const kept = Object.entries(named).filter(([name]) => used.has(`${kind}/${name}`))
    return kept.length === 0 ? [] : [[kind, Object.fromEntries(kept)]]
  }
  return Object.fromEntries(Object.entries(joined).flatMap(only))
}

/** @throws Error if two parts have different values under one name */
const join = <Value>(parts: { readonly [name: string]: Value }[]): { [name: string]: Value } => {
  const joined = new Map<string, Value>()
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    if (joined.has(name) && !isDeepStrictEqual(joined.get(name), value)) {
      throw new Error(`Two contracts define "${name}" differently. Rename one of them.`)
    }
    joined.set(name, value)
  }
  return Object.fromEntries(joined)
}

/** `kind/name` of every component that the paths reference, directly or indirectly. */
const reachable = (paths: Paths, components: Components): Set<string> => {
  const found = new Set<string>()
  const visit = (node: unknown): void => {
    for (const key of namesIn(node)) {
      if (found.has(key)) continue
      found.add(key)
      const [kind = '', name = ''] = key.split('/')
      visit(components[kind]?.[name])
    }
  }
  visit(paths)
  return found
}

/** The targets of references, and the names of security schemes, which are no references. */
const namesIn = (node: unknown): string[] => {
  if (Array.isArray(node)) return node.flatMap(namesIn)
  if (!isObject(node)) return []
  const { $ref, security } = node
  const own = typeof $ref === 'string' ? [$ref.replace('#/components/', '')] : []
  const schemes = Array.isArray(security) ? security.flatMap(Object.keys) : []
  const named = schemes.map((scheme) => `securitySchemes/${scheme}`)
  return [...own, ...named, ...Object.values(node).flatMap(namesIn)]
}
