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

/** What clients of the gateway see of all contracts, as one document. */
export const merge = (documents: Documents): OpenApiDocument => {
  const all = serviceNames.map((name) => documents[name])
  const paths = join(serviceNames.map((name) => publicPaths(name, documents[name].paths)))
  return {
    openapi: documents.gateway.openapi,
    info: { ...documents.gateway.info, ...about },
    // Relative to where the document was had, so that it serves at any address.
    servers: [{ url: '/', description: 'The gateway.' }],
    tags: tagsOf(all, paths),
    paths,
    components: componentsOf(all, paths),
  }
}

const about = {
  title: 'Flash Deal',
  description: 'First come, first served: products, deals and orders, as the gateway shows them.',
}

/** The gateway answers `/health` for itself, so the services' own are hidden. */
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

/** Components of the same name are the same, or one would silently take the other's place. */
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

/** @throws Error where two parts have different things under one name */
const join = <Value>(parts: { readonly [name: string]: Value }[]): { [name: string]: Value } => {
  const joined = new Map<string, Value>()
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    if (joined.has(name) && !isDeepStrictEqual(joined.get(name), value)) {
      throw new Error(`Two contracts mean different things by "${name}". Rename one of them.`)
    }
    joined.set(name, value)
  }
  return Object.fromEntries(joined)
}

/** `kind/name` of every component that the paths need, directly or through others. */
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

/** References, and the security schemes, which are named without one. */
const namesIn = (node: unknown): string[] => {
  if (Array.isArray(node)) return node.flatMap(namesIn)
  if (!isObject(node)) return []
  const { $ref, security } = node
  const own = typeof $ref === 'string' ? [$ref.replace('#/components/', '')] : []
  const schemes = Array.isArray(security) ? security.flatMap(Object.keys) : []
  const named = schemes.map((scheme) => `securitySchemes/${scheme}`)
  return [...own, ...named, ...Object.values(node).flatMap(namesIn)]
}
