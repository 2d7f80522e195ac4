/**
 * The scenario table: the one place that says which optimisations exist, what they are called,
 * where they live and how far they are. Types, settings, `.env.example` and docs/scenarios.md come
 * from it.
 */

export type AppName = 'gateway' | 'auth' | 'product' | 'order'

/**
 * What a variant cannot do without. A missing one fails the boot; nothing falls back. `redlock` is
 * three Valkeys that know nothing of each other.
 */
export type Need = 'redis' | 'redlock' | 'kafka' | 'go' | 'envoy' | 'kong'

/**
 * How a variant takes effect: `strategy` same functions, two bodies · `hook` baseline registers
 * nothing · `numbers` two option objects · `data` a pair of SQL files · `deployment` another
 * process or proxy behind the same address.
 */
export type Seam = 'strategy' | 'hook' | 'numbers' | 'data' | 'deployment'

export type Scenario = {
  slug: string
  title: string
  apps: readonly AppName[]
  seam: Seam
  /** Variant name → what it does, in a clause. The first is always `baseline`. */
  variants: {
    readonly baseline: string
    readonly optimized: string
    readonly [name: string]: string
  }
  needs?: { readonly [variant: string]: readonly Need[] }
  /** Flags that both arms of a measurement have on. */
  measuredWith?: readonly string[]
  /** Scenarios that must not be at their baseline where this one is not. */
  requires?: readonly string[]
  /** Scenarios that make no sense together with this one. */
  excludes?: readonly string[]
  /** Variant name → scenarios that it cannot be combined with, since they are code of what it replaces. */
  excludesIn?: { readonly [variant: string]: readonly string[] }
  /** `all` leaves these out, because they change the promise or the deployment; says why. */
  notInAll?: string
  /** False where the plan that this project follows does not have it. */
  inPlan?: false
  script: string
  status: 'implemented' | 'planned'
}

export const scenarioTable = {
  E1: {
    slug: 'uuid-v7',
    title: 'Ids that grow: UUID v7 for v4',
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
      baseline: 'window condition and join each time',
      optimized: 'Redis, warmed before a deal opens',
      memory: 'the same in the process',
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
      optimized: 'orders and items in one statement',
      batch: 'all items of a page in a second statement',
      json: 'one statement that builds the JSON of the whole page',
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
      baseline: 'answers as they are',
      optimized: 'compressed once where the list is kept, as cheaply as can be where nothing is',
      gzip: 'gzip for each answer from 1,000 bytes on',
      brotli: 'Brotli for each answer from 1,000 bytes on',
      zstd: 'Zstandard for each answer from 1,000 bytes on',
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
      optimized: 'a remembered count, adjusted by writes, 10 s old at most',
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
    title: 'Verified tokens remembered',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: 'the signature is verified on each call',
      optimized: 'a verified token is remembered in the process by its digest',
      redis: 'the same in Redis, for all gateways',
    },
    needs: { redis: ['redis'] },
    measuredWith: ['M6'],
    requires: ['M6'],
    script: 'auth-flow',
    status: 'implemented',
  },
  M3: {
    slug: 'indexes',
    title: 'Indexes that the queries ask for',
    apps: ['product', 'order'],
    seam: 'data',
    variants: {
      baseline: 'primary keys and what correctness needs',
      optimized: 'composite, covering and partial indexes',
    },
    script: 'order-scenario',
    status: 'implemented',
  },
  M4: {
    slug: 'rate-limit',
    title: 'A rate limit per caller',
    apps: ['gateway'],
    seam: 'hook',
    variants: {
      baseline: 'every request is tried',
      optimized: '100 requests a second per address, 50 per user, counted by each gateway',
      redis: 'the same, counted in Redis for all gateways together',
      leased: 'the same, of which each gateway takes shares from Redis in advance',
    },
    needs: { redis: ['redis'], leased: ['redis'] },
    script: 'stress-test',
    status: 'implemented',
  },
  M5: {
    slug: 'circuit-breaker',
    title: 'A circuit breaker before a failing service',
    apps: ['order'],
    seam: 'strategy',
    variants: {
      baseline: 'every call is sent, and ends with its deadline at the latest',
      optimized: 'opens at 50 % failures, tries one call again after 30 s',
    },
    script: 'service-failure',
    status: 'implemented',
  },
  M6: {
    slug: 'local-verify',
    title: 'Tokens verified at the gateway',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: 'the gateway asks auth for each call',
      optimized: "the gateway verifies with auth's public keys",
    },
    script: 'auth-stress',
    status: 'implemented',
  },
  M7: {
    slug: 'sold-out',
    title: 'Sold-out deals refused in the process',
    apps: ['product', 'order'],
    seam: 'strategy',
    variants: {
      baseline: 'the database decides each time',
      optimized:
        'a deal that was sold out within the last 150 ms is refused without the database, and mostly without a call to product',
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
      optimized: 'one statement for all orders that wait, answered after commit',
    },
    measuredWith: ['M1'],
    inPlan: false,
    script: 'concurrent-order',
    status: 'implemented',
  },
  M9: {
    slug: 'edge-cache',
    title: 'Public reads from the gateway',
    apps: ['gateway'],
    seam: 'hook',
    variants: {
      baseline: 'every read goes to product',
      optimized: 'products and single deals from memory, at most 1 s old; emptied by owners',
      etag: 'every read goes to product; unchanged responses are 304',
    },
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
      optimized: 'reservations that wait travel as one call, on kept connections',
      http: 'HTTP/1.1 with JSON on kept connections',
      grpc: 'gRPC on kept connections',
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
      baseline: 'an order stands before the answer',
      optimized: 'accepted at once, confirmed through Kafka',
    },
    needs: { optimized: ['kafka'] },
    notInAll: 'it answers before the order stands',
    script: 'async-order',
    status: 'planned',
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
    notInAll: 'it is another process',
    script: 'order-stress',
    status: 'planned',
  },
  H5: {
    slug: 'gateway-proxy',
    title: 'The proxying itself',
    apps: ['gateway'],
    seam: 'strategy',
    variants: {
      baseline: '@fastify/http-proxy',
      optimized: 'undici dispatch, the response taken whole, headers compiled from the contracts',
      envoy: 'Envoy, configured from the contracts; the Node gateway answers the rest behind it',
    },
    needs: { envoy: ['envoy'] },
    // These are code of the Node gateway, through which no proxied request goes then.
    excludesIn: { envoy: ['M2', 'M4', 'M6', 'M9', 'E6'] },
    script: 'gateway-throughput',
    status: 'implemented',
  },
} as const satisfies Record<string, Scenario>

export type ScenarioId = keyof typeof scenarioTable
export type VariantOf<Id extends ScenarioId> = keyof (typeof scenarioTable)[Id]['variants'] & string

/** The services that exist in Go, with the scenario that puts the one in Go in the place of the other. */
export const inGo = { auth: 'H3', order: 'H4' } as const satisfies Partial<
  Record<AppName, ScenarioId>
>

/** Whether a service is the one in Go with these scenarios. */
export const isInGo = (app: AppName, scenarios: Scenarios): boolean => {
  const id = Object.entries(inGo).find(([name]) => name === app)?.[1]
  return id !== undefined && scenarios[id] !== 'baseline'
}

/** The variant of every scenario that this process runs with; frozen after boot. */
export type Scenarios = { readonly [Id in ScenarioId]: VariantOf<Id> }

export const scenarioIds = Object.keys(scenarioTable) as ScenarioId[]

export const scenarioOf = (id: ScenarioId): Scenario => scenarioTable[id]

/** With the baseline first; JavaScript puts names that are numbers before all others. */
export const variantsOf = (id: ScenarioId): string[] => [
  'baseline',
  ...Object.keys(scenarioTable[id].variants).filter((name) => name !== 'baseline'),
]

const needsIn = (scenarios: Scenarios, id: ScenarioId): readonly Need[] =>
  scenarioOf(id).needs?.[scenarios[id]] ?? []

/** What the variants that an app runs with cannot do without. */
export const needsOf = (app: AppName, scenarios: Scenarios): Set<Need> =>
  new Set(
    scenarioIds
      .filter((id) => scenarioOf(id).apps.includes(app))
      .flatMap((id) => needsIn(scenarios, id)),
  )

/** The scenarios that are on and cannot do without it, as `E2=optimized`. */
export const needing = (need: Need, scenarios: Scenarios): string[] =>
  scenarioIds
    .filter((id) => needsIn(scenarios, id).includes(need))
    .map((id) => `${id}=${scenarios[id]}`)
