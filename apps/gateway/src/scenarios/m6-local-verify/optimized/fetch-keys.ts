import { type TokenKeys, tokenKeysFrom } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { Agent } from 'undici'

/** In bytes. The largest RSA key that is accepted takes 1.5 KB. */
const answerMax = 65_536
const timeoutMs = 1_000

/** Fetches the public keys from one address of auth. */
export const keysFetcher = (app: FastifyInstance): ((url: string) => Promise<TokenKeys>) => {
  const agent = new Agent({
    connections: 1,
    connect: { timeout: timeoutMs },
    maxResponseSize: answerMax,
  })
  app.addHook('onClose', () => agent.destroy())
  const count = app.witness('M6', 'keys_fetched')

  return async (origin) => {
    count()
    const { statusCode, body } = await agent.request({
      origin,
      path: '/auth/.well-known/jwks.json',
      method: 'GET',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (statusCode === 200) return tokenKeysFrom(await body.json())
    await body.dump()
    throw new Error(`auth returned ${statusCode} to a request for its keys.`)
  }
}
