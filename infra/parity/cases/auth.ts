import { generateKeyPairSync, sign } from 'node:crypto'
import type { Wire } from '../exchange.ts'
import { oddBodies, oddFields, post } from './bodies.ts'
import { oddHeads } from './heads.ts'

/** A user of one side; the email contains the side. */
export type Known = { email: string; password: string; accessToken: string; refreshToken: string }

const registration = { email: 'someone@example.com', password: 'correct horse', name: 'Mina Kim' }

/** Requests to auth whose response does not depend on stored data. */
export const statelessCases: Readonly<Record<string, Wire>> = {
  ...oddHeads,
  ...oddBodies('/auth/register', '{"email":1}'),
  ...oddBodies('/auth/login', '{"email":"nobody@example.com","password":"x"}'),
  ...oddBodies('/auth/refresh', '{"refresh_token":"x"}'),
  // Two fields are invalid, so that no request creates an account.
  ...oddFields('/auth/register', { email: 'no', password: 'correct horse', name: 'M' }),
  ...oddFields('/auth/login', { email: 'no', password: 'x' }),
  ...oddFields('/auth/refresh', { refresh_token: 'x' }),
  'a password of 1,025 bytes': post('/auth/register', {
    ...registration,
    password: 'é'.repeat(513),
  }),
  'all errors at once': post('/auth/register', {
    email: 'x',
    password: 'x',
    name: 'x',
    more: 1,
  }),
  'a wrong method': { method: 'GET', path: '/auth/login' },
  'the key set': { method: 'GET', path: '/auth/.well-known/jwks.json' },
  'another dot': { method: 'GET', path: '/auth/xwell-known/jwks.json' },
  'no token': { method: 'GET', path: '/auth/verify' },
  'no token for a profile': { method: 'GET', path: '/auth/users/me' },
}

const emails = [
  'a@b.co',
  'A.B+c@Example.COM',
  'a@b',
  'a..b@c.de',
  '.a@b.co',
  'a@-b.co',
  'a@b-.co',
  'a@b..co',
  `${'x'.repeat(250)}@b.co`,
  'a@b.co ',
  'ü@b.co',
  "o'neil@b.co",
  'K@b.co',
]

/** Validation of emails without an account: every log-in is rejected. */
export const emailCases: Readonly<Record<string, Wire>> = Object.fromEntries(
  emails.map((email) => [`the email ${email}`, post('/auth/login', { email, password: 'x' })]),
)

/** Requests of a known user, by title. */
export const userCases = (user: Known): Record<string, Wire> => {
  const { email, password, accessToken, refreshToken } = user
  const as = (value: string, path = '/auth/verify'): Wire => ({
    method: 'GET',
    path,
    headers: [['Authorization', value]],
  })
  const bearer = `Bearer ${accessToken}`
  return {
    'an email that is taken': post('/auth/register', { ...registration, email }),
    'the same in capitals': post('/auth/register', { ...registration, email: email.toUpperCase() }),
    'a wrong password': post('/auth/login', { email, password: `${password} ` }),
    'a log-in': post('/auth/login', { email, password }),
    'an exchange': post('/auth/refresh', { refresh_token: refreshToken }),
    'the same exchange again': post('/auth/refresh', { refresh_token: refreshToken }),
    'an access token to refresh': post('/auth/refresh', { refresh_token: accessToken }),
    'a valid token': as(bearer),
    'a profile': as(bearer, '/auth/users/me'),
    'a profile with HEAD': { ...as(bearer, '/auth/users/me'), method: 'HEAD' },
    'another scheme in capitals': as(`BEARER ${accessToken}`),
    'no scheme': as(accessToken),
    Basic: as('Basic eDp5'),
    'two spaces': as(`Bearer  ${accessToken}`),
    'a token with padding': as(`${bearer}=`),
    'a token with a surplus bit': as(bearer.slice(0, -1) + surplusOf(bearer)),
    'a token without its signature': as(bearer.slice(0, bearer.lastIndexOf('.') + 1)),
    'a token of two parts': as(bearer.slice(0, bearer.lastIndexOf('.'))),
    'a token of four parts': as(`${bearer}.x`),
    'a changed signature': as(`${bearer.slice(0, -8)}AAAAAAAA`),
    'two tokens': {
      ...as(bearer),
      headers: [
        ['Authorization', bearer],
        ['Authorization', bearer],
      ],
    },
    'a second, invalid token': {
      ...as(bearer),
      headers: [
        ['Authorization', bearer],
        ['Authorization', 'x'],
      ],
    },
    'an empty header': as(''),
    'a header that is too long': as(`Bearer ${'a'.repeat(5_000)}.b.c`),
    ...forged(accessToken, as),
  }
}

/** The next character of the alphabet: it has the same significant bits, or is invalid as the last one. */
const surplusOf = (token: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt((alphabet.indexOf(token.slice(-1)) + 1) % 64)
}

const decoded = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString())

const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** Tokens that auth has not signed, or with changed parts. */
const forged = (token: string, as: (value: string) => Wire): Record<string, Wire> => {
  const [head, body, signature] = token.split('.')
  const header = decoded(head)
  const payload = decoded(body)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signed = (header: unknown, payload: unknown): Wire => {
    const text = `${encoded(header)}.${encoded(payload)}`
    return as(
      `Bearer ${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`,
    )
  }
  const unsigned = (header: unknown, payload: unknown): Wire =>
    as(`Bearer ${encoded(header)}.${encoded(payload)}.${signature}`)
  return {
    'a token of another key': signed(header, payload),
    'a token without algorithm': unsigned({ ...header, alg: 'none' }, payload),
    'another algorithm': unsigned({ ...header, alg: 'HS256' }, payload),
    'no key id': unsigned({ ...header, kid: undefined }, payload),
    'a key id of another kind': unsigned({ ...header, kid: 1 }, payload),
    'an unknown key id': unsigned({ ...header, kid: 'x' }, payload),
    'a key in the header': unsigned({ ...header, jwk: {} }, payload),
    'a critical extension': unsigned({ ...header, crit: ['x'] }, payload),
    'another user': unsigned(header, { ...payload, sub: 'x' }),
    'a refresh token': unsigned(header, { ...payload, type: 'refresh' }),
    'no expiry': unsigned(header, { ...payload, exp: undefined }),
    'an infinite expiry': unsigned(header, `{"exp":1e999,${JSON.stringify(payload).slice(1)}`),
    'a list for a header': unsigned([], payload),
    'a text for a payload': unsigned(header, '"x"'),
    'no JSON': unsigned('x', 'y'),
  }
}
