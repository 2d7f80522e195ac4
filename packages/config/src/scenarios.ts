/**
 * The scenario table: the ids, names, apps, variants and status of all scenarios. Types, settings,
 * `.env.example` and docs/scenarios.md are generated from it.
 */

export type AppName = 'gateway' | 'auth' | 'product' | 'order'

/**
 * A dependency of a variant. If it is missing, the boot fails. `redlock` is three independent Valkeys.
 */
export type Need = 'redis' | 'redlock' | 'kafka' | 'go' | 'envoy' | 'kong'

/**
 * The kind of a seam: `strategy`: each variant implements the same functions · `hook`: the baseline
 * registers nothing · `numbers`: each variant is an options object · `data`: a pair of SQL files ·
 * `deployment`: another process or proxy at the same URL.
 */
export type Seam = 'strategy' | 'hook' | 'numbers' | 'data' | 'deployment'

export type Scenario = {
  slug: string
  title: string
  apps: readonly AppName[]
  seam: Seam
  /** Variant name → what it does, as a phrase. The first is always `baseline`. */
  variants: {
    readonly baseline: string
    readonly optimized: string
    readonly [name: string]: string
  }
  needs?: { readonly [variant: string]: readonly Need[] }
  /** Scenarios that are on in all arms of a measurement. */
  measuredWith?: readonly string[]
  /** Scenarios that must be on if this one is. */
  requires?: readonly string[]
  /** Scenarios that cannot be combined with this one. */
  excludes?: readonly string[]
  /** Variant name → scenarios that are part of what the variant replaces. */
  excludesIn?: { readonly [variant: string]: readonly string[] }
  /** The reason why `all` leaves this scenario out. */
  notInAll?: string
  /** False for additions to the original plan of this project. */
  inPlan?: false
  script: string
  status: 'implemented' | 'planned'
}

export const scenarioTable = {
  E1: {
    slug: 'uuid-v7',
    title: 'Time-ordered ids: UUID v7 instead of v4',
    apps: ['product', 'order'],
    seam: 'strategy',
    variants: { baseline: 'random ids (UUID v4)', optimized: 'time-ordered ids (UUID v7)' },
    script: 'product-insert',
    status: 'implemented',
  },
  E2: {
    slug: 'product-list-cache',
    title: 'The product list from a cache',
    apps: ['product'],
    seam: 'strategy',
    variants: {
      baseline: 'each page is read from PostgreSQL',
      optimized: 'cache-aside in Redis, 60 s, single-flight',
      memory: 'cache-aside in the process, already serialized, 1 s',
      single: 'as memory, and single products for 1 s too',
    },
    needs: { optimized: ['redis'] },
    script: 'product-list',
    status: 'implemented',
  },
  E3: {
    slug: 'deal-list-cache',
    title: 'The deal list from a cache that is warm before the opening',
    apps: ['product'],
    seam: 'strategy',
    variants: {
      baseline: 'each page is read from PostgreSQL',
      optimized: 'cached in Redis, read ahead before a deal opens',
      memory: 'cached in the process, read ahead before a deal opens',
    },
    needs: { optimized: ['redis'] },
    script: 'deal-list',
    status: 'implemented',
  },
  E4: {
    slug: 'order-items',
    title: 'Order items without N+1',
    apps: ['order'],
    seam: 'strategy',
    variants: {
      baseline: 'one statement for the orders, then one for the items of each',
      optimized: 'one statement that builds the JSON of the whole page',
      joined: 'orders and items in one statement',
      batch: 'all items of a page in a second statement',
    },
    measuredWith: ['M3'],
    script: 'order-list',
    status: 'implemented',
  },
  E5: {
    slug: 'connection-pool',
    title: 'The size of the connection pool',
    apps: ['auth', 'product', 'order'],
    seam: 'numbers',
    variants: {
      baseline: 'the default of postgres.js: at most 10 connections',
      optimized: '4 connections for quick statements, 4 others for slow ones',
      '1': 'one connection',
      '2': 'at most 2 connections',
      '4': 'at most 4 connections',
      '8': 'at most 8 connections',
      '16': 'at most 16 connections',
      '32': 'at most 32 connections',
      '64': 'at most 64 connections',
    },
    script: 'health-check',
    status: 'implemented',
  },
  E6: {
    slug: 'compression',
    title: 'Compressed answers',
    apps: ['gateway', 'product'],
    seam: 'hook',
    variants: {
      baseline: 'uncompressed responses',
      optimized: 'compressed once per cached page; uncached responses at the lowest level',
      gzip: 'gzip for each response of at least 1,000 bytes',
      brotli: 'Brotli for each response of at least 1,000 bytes',
      zstd: 'Zstandard for each response of at least 1,000 bytes',
    },
    measuredWith: ['E2'],
    script: 'product-list',
    status: 'implemented',
  },
  E7: {
    slug: 'count',
    title: 'The total without counting',
    apps: ['product'],
    seam: 'strategy',
    variants: {
      baseline: 'count(*) for each page',
      optimized: 'a cached count, adjusted by writes, at most 10 s old',
      estimate: "the planner's statistics",
    },
    measuredWith: ['M3'],
    script: 'product-list',
    status: 'implemented',
  },
  M1: {
    slug: 'hot-row',
    title: 'Taking stock from one hot row',
    apps: ['product'],
    seam: 'strategy',
    variants: {
      baseline: 'select … for update, then update and insert',
      redlock: 'Redlock over three Valkeys, with a fencing token',
      conditional: 'one conditional statement',
      optimized: 'single-writer micro-batch, answered after commit',
      redis: 'a gate in Redis before the batch',
    },
    needs: { redlock: ['redlock'], redis: ['redis'] },
    script: 'concurrent-order',
    status: 'implemented',
  },
  M2: {
    slug: 'token-cache',
    title: 'A cache of verified tokens',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: 'the signature is verified on each call',
      optimized: 'verified tokens are cached in the process by their digest',
      redis: 'verified tokens are cached in Redis, for all gateways',
    },
    needs: { redis: ['redis'] },
    measuredWith: ['M6', 'H5'],
    requires: ['M6'],
    script: 'auth-flow',
    status: 'implemented',
  },
  M3: {
    slug: 'indexes',
    title: 'Indexes for the queries',
    apps: ['product', 'order'],
    seam: 'data',
    variants: {
      baseline: 'primary keys and constraints only',
      optimized: 'composite, covering and partial indexes',
    },
    script: 'order-scenario',
    status: 'implemented',
  },
  M4: {
    slug: 'rate-limit',
    title: 'A rate limit per client',
    apps: ['gateway'],
    seam: 'hook',
    variants: {
      baseline: 'no limit',
      optimized: '100 requests a second per address, 50 per user, counted by each gateway',
      redis: 'as optimized, counted in Redis for all gateways together',
      leased: 'as redis, but each gateway takes leases from Redis in advance',
    },
    needs: { redis: ['redis'], leased: ['redis'] },
    measuredWith: ['M6', 'H5'],
    script: 'stress-test',
    status: 'implemented',
  },
  M5: {
    slug: 'circuit-breaker',
    title: 'A circuit breaker before a failing service',
    apps: ['order'],
    seam: 'strategy',
    variants: {
      baseline: 'every call is sent, and ends at its deadline at the latest',
      optimized: 'opens at 50 % failures, tries one call again after 30 s',
    },
    measuredWith: ['M1'],
    script: 'service-failure',
    status: 'implemented',
  },
  M6: {
    slug: 'local-verify',
    title: 'Tokens verified at the gateway',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: 'the gateway calls auth for each request',
      optimized: "the gateway verifies with auth's public keys",
    },
    measuredWith: ['H5'],
    script: 'auth-stress',
    status: 'implemented',
  },
  M7: {
    slug: 'sold-out',
    title: 'Sold-out deals rejected without the database',
    apps: ['gateway', 'product', 'order'],
    seam: 'strategy',
    variants: {
      baseline: 'the database decides each time',
      optimized:
        'a deal that was sold out within the last 250 ms is rejected without the database, and usually without a call to product',
    },
    measuredWith: ['M1'],
    inPlan: false,
    script: 'concurrent-order',
    status: 'implemented',
  },
  M8: {
    slug: 'order-inserts',
    title: 'Orders inserted in batches',
    apps: ['order'],
    seam: 'strategy',
    variants: {
      baseline: 'a transaction for each order',
      optimized: 'one statement for all waiting orders, answered after commit',
    },
    measuredWith: ['M1'],
    inPlan: false,
    script: 'order-stress',
    status: 'implemented',
  },
  M9: {
    slug: 'edge-cache',
    title: 'Public reads from the gateway',
    apps: ['gateway'],
    seam: 'hook',
    variants: {
      baseline: 'every read goes to product',
      optimized:
        "products and single deals from memory, at most 1 s old; purged by owners' changes",
      etag: 'every read goes to product; unchanged responses are 304',
    },
    measuredWith: ['H5'],
    inPlan: false,
    script: 'product-list',
    status: 'implemented',
  },
  H1: {
    slug: 'product-transport',
    title: 'The call from order to product',
    apps: ['product', 'order'],
    seam: 'strategy',
    variants: {
      baseline: 'HTTP/1.1 with JSON, a new connection for each call',
      optimized: 'waiting reservations are sent in one call, on keep-alive connections',
      http: 'HTTP/1.1 with JSON on keep-alive connections',
      grpc: 'gRPC on keep-alive connections',
    },
    measuredWith: ['M1'],
    script: 'inter-service',
    status: 'implemented',
  },
  H2: {
    slug: 'async-order',
    title: 'Orders through Kafka',
    apps: ['product', 'order'],
    seam: 'strategy',
    variants: {
      baseline: 'an order is confirmed before the response',
      optimized: 'accepted when its stock is reserved, confirmed through Kafka',
      'queue-first': 'accepted when it is valid, its stock taken through Kafka',
    },
    needs: { optimized: ['kafka'], 'queue-first': ['kafka'] },
    measuredWith: ['M1', 'H1'],
    // M8 is how a confirmed order is stored, and H4 does not consume the log.
    excludes: ['M8', 'H4'],
    notInAll: 'it responds before the order is confirmed',
    script: 'async-order',
    status: 'implemented',
  },
  H3: {
    slug: 'auth-go',
    title: 'auth in Go',
    apps: ['auth'],
    seam: 'deployment',
    variants: { baseline: 'auth in Node', optimized: 'auth in Go' },
    needs: { optimized: ['go'] },
    notInAll: 'it is another process',
    script: 'auth-flow',
    status: 'implemented',
  },
  H4: {
    slug: 'order-go',
    title: 'order in Go',
    apps: ['order'],
    seam: 'deployment',
    variants: { baseline: 'order in Node', optimized: 'order in Go' },
    needs: { optimized: ['go'] },
    measuredWith: ['E4', 'M1', 'M3', 'M8', 'H1'],
    // Asynchronous orders exist only in Node.
    excludes: ['H2'],
    notInAll: 'it is another process',
    script: 'order-stress',
    status: 'implemented',
  },
  H5: {
    slug: 'gateway-proxy',
    title: 'Forwarding in the gateway',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: '@fastify/http-proxy',
      optimized:
        'undici dispatch, the response buffered whole, headers computed from the contracts',
      envoy:
        'Envoy, configured from the contracts, with the Node gateway behind it for everything else',
      kong: 'Kong, configured likewise; in containers only',
    },
    needs: { envoy: ['envoy'], kong: ['kong'] },
    // These are code of the Node gateway, through which no proxied request passes then.
    excludesIn: {
      envoy: ['M2', 'M4', 'M6', 'M9', 'E6'],
      kong: ['M2', 'M4', 'M6', 'M9', 'E6'],
    },
    script: 'gateway-throughput',
    status: 'implemented',
  },
} as const satisfies Record<string, Scenario>

export type ScenarioId = keyof typeof scenarioTable
export type VariantOf<Id extends ScenarioId> = keyof (typeof scenarioTable)[Id]['variants'] & string

/** The services that exist in Go, with the scenario that replaces the one in Node by it. */
export const inGo = { auth: 'H3', order: 'H4' } as const satisfies Partial<
  Record<AppName, ScenarioId>
>

/** Whether these scenarios use the Go version of a service. */
export const isInGo = (app: AppName, scenarios: Scenarios): boolean => {
  const id = Object.entries(inGo).find(([name]) => name === app)?.[1]
  return id !== undefined && scenarios[id] !== 'baseline'
}

/** The variants of this process; frozen after boot. */
export type Scenarios = { readonly [Id in ScenarioId]: VariantOf<Id> }

export const scenarioIds = Object.keys(scenarioTable) as ScenarioId[]

export const scenarioOf = (id: ScenarioId): Scenario => scenarioTable[id]

/** Baseline first. JavaScript puts numeric names before all others. */
export const variantsOf = (id: ScenarioId): string[] => [
  'baseline',
  ...Object.keys(scenarioTable[id].variants).filter((name) => name !== 'baseline'),
]

const needsIn = (scenarios: Scenarios, id: ScenarioId): readonly Need[] =>
  scenarioOf(id).needs?.[scenarios[id]] ?? []

/** The dependencies of an app with these variants. */
export const needsOf = (app: AppName, scenarios: Scenarios): Set<Need> =>
  new Set(
    scenarioIds
      .filter((id) => scenarioOf(id).apps.includes(app))
      .flatMap((id) => needsIn(scenarios, id)),
  )

/** The active variants that need a dependency, as `E2=optimized`. */
export const needing = (need: Need, scenarios: Scenarios): string[] =>
  scenarioIds
    .filter((id) => needsIn(scenarios, id).includes(need))
    .map((id) => `${id}=${scenarios[id]}`)
