import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import t from 'tap'
import { send } from '../api.ts'
import { sides, startBoth, withoutGo } from '../processes.ts'

/** Keys of each kind, as auth makes them and as operators give them. */

const publicPem = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'pem' }).toString().replaceAll('\n', '\\n')

const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })

const kinds: Readonly<Record<string, Record<string, string>>> = {
  ES256: { JWT_ALG: 'ES256' },
  'EdDSA, with another public key': {
    JWT_ALG: 'EdDSA',
    JWT_PUBLIC_KEYS: publicPem(other.publicKey),
  },
  'RS256 that is given as base64': {
    JWT_PRIVATE_KEY: Buffer.from(rsa.export({ type: 'pkcs8', format: 'pem' })).toString('base64'),
  },
}

for (const [title, settings] of Object.entries(kinds)) {
  t.test(`${title}: tokens of each are valid in the other`, { skip: withoutGo() }, async (t) => {
    const { port } = await startBoth(t, 'auth', settings)
    const [node, go] = await Promise.all(
      sides.map((side) => send(port[side], '/auth/.well-known/jwks.json', {})),
    )
    t.strictSame(go, node, 'the key set')
    const credentials = { email: 'mina@example.com', password: 'correct horse battery' }
    await send(port.go, '/auth/register', { body: { ...credentials, name: 'Mina Kim' } })
    for (const [made, used] of [sides, sides.toReversed()]) {
      if (made === undefined || used === undefined) continue
      const { body } = await send(port[made], '/auth/login', { body: credentials })
      const { status } = await send(port[used], '/auth/verify', { token: body.access_token ?? '' })
      t.equal(status, 200, `${used} takes a token of ${made}`)
    }
  })
}
