import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import type { Test } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { type Behaviour, fakeService } from './gateway-alone.ts'
import { claimsOf, tokenOf } from './tokens.ts'

/** A fake auth that serves keys, which a test adds and removes. */

export type TokenMaker = {
  jwk: object
  /** A token of a user, like auth's but for these claims. */
  token(userId?: string, claims?: object): string
}

const pairs = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

export type Algorithm = keyof typeof pairs

export const algorithms: readonly Algorithm[] = ['RS256', 'ES256', 'EdDSA']

export const newKey = (alg: Algorithm = 'ES256'): TokenMaker => {
  const { privateKey, publicKey }: Record<'privateKey' | 'publicKey', KeyObject> = pairs[alg]()
  const kid = randomUUID()
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    token: (userId = randomUUID(), claims = {}) =>
      tokenOf({ alg, typ: 'JWT', kid }, { ...claimsOf(userId), ...claims }, privateKey),
  }
}

/** The behaviour of a fake auth on a request for its keys. */
export type KeysBehaviour = (answer: () => void, drop: () => void) => void

export const fakeAuth = async (t: Test, ...keys: TokenMaker[]) => {
  const state = { keys, behave: ((answer) => answer()) as KeysBehaviour }
  const behave: Behaviour = ({ path, drop }, response) => {
    const jwks = () => ({ keys: state.keys.map(({ jwk }) => jwk) })
    const answer = () =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(path === '/auth/.well-known/jwks.json' ? jwks() : {}))
    if (path.startsWith('/health')) answer()
    else state.behave(answer, drop)
  }
  const { url, received } = await fakeService(t, behave)
  return {
    url,
    received,
    use: (...now: TokenMaker[]) => {
      state.keys = now
    },
    behave: (now: KeysBehaviour) => {
      state.behave = now
    },
    isAway: () => {
      state.behave = (_, drop) => drop()
    },
    isBack: () => {
      state.behave = (answer) => answer()
    },
    /** The number of requests for its keys. */
    asked: () => received.filter(({ path }) => path.endsWith('jwks.json')).length,
  }
}

export type FakeAuth = Awaited<ReturnType<typeof fakeAuth>>

/** The counters of a scenario on `/metrics` by event, without zeros. */
export const witnessed = async (app: FastifyInstance, id: string) => {
  const text = await app.metrics.getSingleMetricAsString('scenario_witness_total')
  const rows = text.matchAll(new RegExp(`scenario="${id}",event="(\\w+)"\\} (\\d+)`, 'g'))
  return Object.fromEntries(
    Array.from(rows, ([, event = '', count]) => [event, Number(count)] as const).filter(
      ([, count]) => count > 0,
    ),
  )
}
