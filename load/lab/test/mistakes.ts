import type { ProxiedResponse } from './corrupting-proxy.ts'

/** What a system under load may get wrong. */

export type Mistake = {
  what: string
  /** The script that uses the operation. */
  script: string
  /** Method and beginning of the path. */
  operation: string
  /** Changes the correct response. */
  corrupt: (response: ProxiedResponse) => ProxiedResponse
  /** The checks that must fail, and no other. */
  detectedBy: readonly string[]
}

type Corrupt = Mistake['corrupt']

const withStatus =
  (status: number): Corrupt =>
  (response) => ({ ...response, status })

const insteadOf =
  (right: number, wrong: number): Corrupt =>
  ({ status, body }) => ({ status: status === right ? wrong : status, body })

const withBody =
  (body: object | string): Corrupt =>
  (response) => ({ ...response, body: typeof body === 'string' ? body : JSON.stringify(body) })

const withText =
  (from: RegExp | string, to: string): Corrupt =>
  (response) => ({ ...response, body: response.body.replace(from, to) })

const withError =
  (status: number, error: string): Corrupt =>
  () => ({ status, body: JSON.stringify({ error, message: error }) })

const withoutHeaders: Corrupt = ({ status, body }) => ({ status, body })

const withLocation =
  (location: string): Corrupt =>
  (response) => ({ ...response, headers: { location } })

/** Whatever opens. */
const withNoDeal: Corrupt = ({ status, body }) => ({
  status,
  body: JSON.stringify({ ...JSON.parse(body), items: [], total: 0 }),
})

/** No unit of any deal. */
const asIfNothingWereSold: Corrupt = ({ status, body }) => ({
  status,
  body: body
    .replace(/"deal_stock":(\d+),"remaining_stock":\d+/g, '"deal_stock":$1,"remaining_stock":$1')
    .replaceAll('"sold_out"', '"active"'),
})

/** The first item of a page is also in the place of the second. */
const withOrderTwice: Corrupt = ({ status, body }) => {
  const { items, ...page } = JSON.parse(body) as { items: unknown[] }
  return { status, body: JSON.stringify({ ...page, items: [items[0], ...items.slice(0, -1)] }) }
}

/** The same content, but no text twice. */
const withLongerAndLonger = (): Corrupt => {
  let spaces = ''
  return ({ status, body }) => {
    spaces += ' '
    return { status, body: body + spaces }
  }
}

/** Every other grant of tokens, that is each refresh, gives the tokens of the one before. */
const withoutRotation = (): Corrupt => {
  let logIn: ProxiedResponse | undefined
  return (response) => {
    if (!response.body.includes('refresh_token')) return response
    const before = logIn
    logIn = before ? undefined : response
    return before ?? response
  }
}

/** A wrong body alone, and a wrong status, with which no body is right. */
const body = (what: string) => [`${what}: holds what it must`]
const status = (what: string, wanted = 200) => [`${what}: answers ${wanted}`, ...body(what)]

const inTime = 'outcome: is decided in time'
const leads = 'accepted: Location leads to the order'

type Row = [operation: string, what: string, corrupt: Corrupt, detectedBy: string[]]

const madeFor = (script: string, rows: Row[]): Mistake[] =>
  rows.map(([operation, what, corrupt, detectedBy]) => ({
    script,
    operation,
    what,
    corrupt,
    detectedBy,
  }))

const emptyPage = { items: [], total: 1_000, page: 1, size: 20 }

export const mistakes: readonly Mistake[] = [
  ...madeFor('health-check', [
    ['GET /products/deals', '500', withStatus(500), status('/products/deals')],
    ['GET /health/ready', 'not ready, with 200', withText('ready', 'no'), body('/health/ready')],
    ['GET /products/deals', 'another object', withBody({}), body('/products/deals')],
  ]),
  ...madeFor('auth-flow', [
    ['POST /auth/register', '500', withStatus(500), status('register', 201)],
    [
      'POST /auth/login',
      'no token',
      withBody({ token_type: 'Bearer', expires_in: 1 }),
      body('log in'),
    ],
    ['GET /auth/users/me', 'another user', withText(/"id":"./, '"id":"x'), body('profile')],
    ['POST /auth/refresh', 'no JSON', withBody('good'), body('refresh')],
    ['POST /auth/', 'no fresh token', withoutRotation(), body('refresh')],
    ['GET /orders?size', '503', withStatus(503), status('own orders')],
  ]),
  ...madeFor('auth-stress', [
    ['GET /orders?size', '500 to whom it knows', insteadOf(200, 500), status('own orders')],
    ['GET /orders?size', "another's", withText('"total":0', '"total":1'), body('own orders')],
    ['GET /orders?size', 'to everybody', insteadOf(401, 200), status('forged token', 401)],
    ['GET /orders?size', 'no reason', withText('INVALID_TOKEN', 'NO'), body('forged token')],
  ]),
  ...madeFor('product-list', [
    ['GET /products?page', '503', withStatus(503), status('list')],
    ['GET /products?page', 'an empty page', withBody(emptyPage), body('list')],
    ['GET /products?page', 'another page', withText(/"page":\d+/, '"page":7'), body('list')],
  ]),
  ...madeFor('product-insert', [
    ['POST /products', '500', withStatus(500), status('product', 201)],
    ['POST /products', 'another price', withText(/"price":\d+/, '"price":7'), body('product')],
    [
      'POST /products',
      'an id of another version',
      withText(/("id":".{14})./, '$17'),
      body('product'),
    ],
  ]),
  ...madeFor('deal-list', [
    ['GET /products/deals?page', '503', withStatus(503), status('deals')],
    ['GET /products/deals?page', 'an empty page', withBody(emptyPage), body('deals')],
    [
      'GET /products/deals?page',
      'too early',
      withText(/"starts_at":"..../, '"starts_at":"2099'),
      body('deals'),
    ],
    [
      'GET /products/deals?page',
      'too late',
      withText(/"ends_at":"..../, '"ends_at":"2020'),
      body('deals'),
    ],
    ['GET /products/deals?page', 'not at all', withNoDeal, body('deals')],
    ['GET /products/deals?page', 'oversold', withText('remaining_stock":', '$&-'), body('deals')],
  ]),
  ...madeFor('deal-spike', [
    ['GET /products/deals?page', 'for ever as new', asIfNothingWereSold, body('deal afterwards')],
    ['POST /orders', '500', withStatus(500), status('order', 201)],
  ]),
  ...madeFor('order-list', [
    ['GET /orders?size', '403', withStatus(403), status('orders')],
    [
      'GET /orders?size',
      'items left out',
      withText(/"items":\[\{"id":"[^\]]*\]/, '"items":[]'),
      body('orders'),
    ],
    ['GET /orders?size', 'a wrong amount', withText(/"subtotal":\d/, '$&0'), body('orders')],
    ['GET /orders?size', 'an order twice', withOrderTwice, body('orders')],
  ]),
  ...madeFor('order-overload', [
    ['POST /orders', '500', withStatus(500), ['it is an order, a refusal or unknown']],
    ['POST /orders', 'the full price', withText(/:700/g, ':1000'), body('order')],
    [
      'POST /orders',
      '503 without Retry-After',
      withError(503, 'SERVICE_UNAVAILABLE'),
      ['refusal: tells when to come back'],
    ],
  ]),
  ...madeFor('order-stress', [
    [
      'POST /orders',
      '500',
      withStatus(500),
      [...status('order', 201), ...status('order of products', 201)],
    ],
    [
      'POST /orders',
      'an amount of nothing',
      withText(/"total_amount":\d+/, '"total_amount":0'),
      [...body('order'), ...body('order of products')],
    ],
  ]),
  ...madeFor('async-order', [
    ['POST /orders', '500', withStatus(500), status('order', 201)],
    ['POST /orders', 'the full price', withText(/:700/g, ':1000'), body('order')],
  ]),
  ...madeFor('service-failure', [
    ['POST /orders', '500', withStatus(500), ['order: placed, 503 with Retry-After, or 504']],
    [
      'POST /orders',
      '503 without Retry-After',
      withError(503, 'SERVICE_UNAVAILABLE'),
      ['order: placed, 503 with Retry-After, or 504'],
    ],
    ['POST /orders', 'the full price', withText(/:700/g, ':1000'), body('order')],
    ['GET /orders?size', '503', withStatus(503), status('own orders')],
  ]),
  ...madeFor('gateway-throughput', [
    ['GET /products?size', '503', withStatus(503), status('products')],
    ['GET /orders?size', "another's", withText('"total":0', '"total":1'), body('own orders')],
  ]),
  ...madeFor('order-scenario', [
    ['POST /orders', '500', withStatus(500), status('order', 201)],
    ['POST /orders', 'the full price', withText(/:700/g, ':1000'), body('order')],
    ['POST /orders', 'each time another text', withLongerAndLonger(), body('same key')],
    [
      'POST /orders',
      'sold out, with 409',
      withError(409, 'INSUFFICIENT_STOCK'),
      ['refusal: has its status'],
    ],
    ['POST /orders', 'deal over', withError(409, 'DEAL_NOT_ACTIVE'), status('order', 201)],
    ['GET /orders/', 'the order is lost', withStatus(404), status('order is confirmed')],
    [
      'GET /orders/',
      'never cancelled',
      withText('"cancelled"', '"confirmed"'),
      body('order is cancelled'),
    ],
    [
      'GET /orders?status',
      'nothing found',
      withText(/"items":\[.*\]/, '"items":[]'),
      body('orders by status and time'),
    ],
    [
      'GET /orders?status',
      'of any status',
      withText(/"status":"c\w+"/g, '"status":"pending"'),
      body('orders by status and time'),
    ],
    ['GET /products/deals/', 'oversold', withText('remaining_stock":', '$&-'), body('deal')],
  ]),
]

/** Bugs of a system with H2, where createOrder responds 202. */
export const asyncMistakes: readonly Mistake[] = madeFor('async-order', [
  ['GET /orders/', 'accepted, then lost', withStatus(404), status('accepted order')],
  ['GET /orders/', 'pending for ever', withText('"confirmed"', '"pending"'), [inTime]],
  [
    'GET /orders/',
    'rejected without a reason',
    withText('"status":"confirmed"', '"status":"rejected"'),
    body('accepted order'),
  ],
  [
    'GET /orders/',
    'confirmed at another price',
    withText(/"total_amount":\d+/, '"total_amount":1'),
    body('accepted order'),
  ],
  ['GET /orders/', 'another order', withText(/"id":"./, '"id":"x'), body('accepted order')],
  ['POST /orders', '202 without Location', withoutHeaders, [leads]],
  ['POST /orders', 'a Location that leads elsewhere', withLocation('/orders'), [leads]],
  ['POST /orders', '202, confirmed', withText('"pending"', '"confirmed"'), body('order')],
])

/** The first of some scripts: a log-in, a list, an order, and an order that is confirmed later. */
export const briefMistakes: readonly Mistake[] = [
  'auth-flow',
  'product-list',
  'order-scenario',
  'async-order',
].flatMap((name) => mistakes.find(({ script }) => script === name) ?? [])
