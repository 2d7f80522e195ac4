import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { scenarioIds } from '@flash-deal/config'

/**
 * Stubs of the services behind the gateway: keys, health, and 300 bytes for every other path.
 * `node stub-services.ts <port>`; it sends a token that is signed with its key.
 */

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const kid = 'lab'
const json = { 'content-type': 'application/json; charset=utf-8' }
const keys = [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }]
const scenarios = Object.fromEntries(scenarioIds.map((id) => [id, 'baseline']))

const bodies: Readonly<Record<string, string>> = {
  '/auth/.well-known/jwks.json': JSON.stringify({ keys }),
  '/health': JSON.stringify({ status: 'ok', service: 'lab', scenarios }),
}
const body = JSON.stringify({ filler: 'x'.repeat(287) })

createServer((request, response) => {
  request.resume()
  response.writeHead(200, json).end(bodies[request.url ?? ''] ?? body)
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.(tokenOfLab()))
process.on('disconnect', () => process.exit(0))

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

const tokenOfLab = (): string => {
  const iat = Math.floor(Date.now() / 1_000)
  const own = { sub: '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36', type: 'access' }
  const claims = { ...own, iss: 'flash-deal', aud: 'flash-deal', iat, exp: iat + 86_400 }
  const content = `${encoded({ alg: 'ES256', typ: 'JWT', kid })}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(content), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${content}.${signature.toString('base64url')}`
}
