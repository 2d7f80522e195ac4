import type { Environment, Settings } from '@flash-deal/config'
import Table from 'cli-table3'
import type { Seeded } from './demo-deals.ts'
import { alice, bob } from './seed.ts'

/** The text printed after the start: the addresses, and commands for a purchase. */

export type Address = { what: string; where: string; metrics?: string }

const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }

export const addressTable = (addresses: readonly Address[]): string => {
  const table = new Table({
    head: ['', 'address', 'metrics'],
    style: { head: [], border: [] },
    chars: noRules,
  })
  table.push(...addresses.map(({ what, where, metrics = '' }) => [what, where, metrics]))
  return table.toString()
}

export const scenarioLines = (active: readonly string[], leftOut: readonly string[]): string =>
  [
    `Scenarios: ${active.length > 0 ? active.join(' ') : 'all at their baseline (switch one on: SCENARIO_E2=optimized make run)'}`,
    ...(leftOut.length > 0 ? [`SCENARIOS=all leaves out: ${leftOut.join(', ')}`] : []),
  ].join('\n')

type RateLimits = Pick<
  Settings<'gateway'>,
  | 'RATE_LIMIT_ADDRESS'
  | 'RATE_LIMIT_USER'
  | 'RATE_LIMIT_WINDOW_S'
  | 'RATE_LIMIT_LOGINS'
  | 'RATE_LIMIT_LOGINS_WINDOW_S'
>

/** The limits of M4 for scripts that send many requests. */
export const rateLimitLine = (limits: RateLimits): string =>
  `Rate limits (M4): ${limits.RATE_LIMIT_ADDRESS} requests from one address and ${limits.RATE_LIMIT_USER} of one user in ${limits.RATE_LIMIT_WINDOW_S} s, ${limits.RATE_LIMIT_LOGINS} log-ins in ${limits.RATE_LIMIT_LOGINS_WINDOW_S} s; beyond it 429. RATE_LIMIT_* raises them.`

type Step = { title: string; curl: string; httpie: string }

const idOf = (field: string): string =>
  `node -p 'JSON.parse(require("fs").readFileSync(0)).${field}'`

/**
 * The lines run unchanged in bash and zsh, with only curl and node. There are no comments (zsh rejects
 * them at the prompt), and no line wraps.
 */
const steps = (base: string, { activeDeal }: Seeded): Step[] => [
  {
    title: 'Log in',
    curl: `TOKEN=$(curl -s ${base}/auth/login -H 'content-type: application/json' \\
  -d '{"email":"${bob.email}","password":"${bob.password}"}' |
  ${idOf('access_token')})`,
    httpie: `TOKEN=$(http -b ${base}/auth/login email=${bob.email} password=${bob.password} |
  ${idOf('access_token')})`,
  },
  {
    title: 'List the deals',
    curl: `curl -sw '\\n' ${base}/products/deals`,
    httpie: `http ${base}/products/deals`,
  },
  {
    title: 'Buy (sent again with the same key it stays one order)',
    curl: `ORDER=$(curl -s ${base}/orders -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -H "idempotency-key: first-$(date +%s)" \\
  -d '{"items":[{"product_id":"${activeDeal.product_id}",
       "deal_id":"${activeDeal.id}","quantity":1}]}' |
  ${idOf('id')}); echo $ORDER`,
    httpie: `ORDER=$(http -b ${base}/orders "authorization:Bearer $TOKEN" \\
  "idempotency-key:first-$(date +%s)" \\
  items:='[{"product_id":"${activeDeal.product_id}",
       "deal_id":"${activeDeal.id}","quantity":1}]' |
  ${idOf('id')}); echo $ORDER`,
  },
  {
    title: 'Look at the order',
    curl: `curl -sw '\\n' ${base}/orders/$ORDER -H "authorization: Bearer $TOKEN"`,
    httpie: `http ${base}/orders/$ORDER "authorization:Bearer $TOKEN"`,
  },
  {
    title: 'Cancel it',
    curl: `curl -sw '\\n' -X POST ${base}/orders/$ORDER/cancel -H "authorization: Bearer $TOKEN"`,
    httpie: `http POST ${base}/orders/$ORDER/cancel "authorization:Bearer $TOKEN"`,
  },
]

/** With a proxy set, curl and HTTPie would send requests for localhost to it, too. */
const pastProxy = (env: Environment): string[] =>
  ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => env[name])
    ? ['\n── Past the proxy of your shell\nexport no_proxy="$no_proxy,localhost,127.0.0.1"']
    : []

/** @param env environment of the user's shell */
export const purchaseCard = (base: string, seeded: Seeded, env: Environment): string => {
  const all = steps(base, seeded)
  return [
    `Demo users: ${alice.email} (sells), ${bob.email} (buys), password ${bob.password}.`,
    'A purchase, to be pasted into another terminal:',
    ...pastProxy(env),
    ...all.map(({ title, curl }) => `\n── ${title}\n${curl}`),
    '\nThe same with HTTPie:',
    ...all.map(({ httpie }) => httpie),
  ].join('\n')
}
