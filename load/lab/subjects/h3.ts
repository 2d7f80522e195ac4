import { createClient } from '@flash-deal/local/api-client'
import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import type { Template } from '../generator/protocol.ts'
import { logIn } from './account.ts'
import { postOf } from './post-request.ts'
import { pageAt } from './product-pages.ts'
import type { Subject } from './subject.ts'

/**
 * H3: auth in Node and in Go, at the interface of auth. Exchanges of refresh tokens are not here,
 * because each needs the response of the one before; `npm run languages` measures them.
 */

const shared = {
  id: 'H3',
  services: ['auth'],
  connections: 16,
  blocks: 4,
  witness: {
    baseline: ['answered_in_node'],
    optimized: ['answered_in_go'],
  },
  comesToRest: true,
} satisfies Partial<Subject>

const reading = {
  ...shared,
  ceiling: {
    what: 'a Fastify app that sends the same bytes from memory',
    program: 'same-bytes.ts',
  },
  onlyReads: true,
} satisfies Partial<Subject>

/** A request without any work of its own: HTTP, the contract, the metrics, the log line. */
export const h3: Subject = {
  ...reading,
  name: 'h3',
  question: 'what a request costs auth in Go and in Node, without any work of its own',
  operations: ['getJwks'],
  prepare: async () => ({ keys: 1 }),
  templates: async (address) => [await pageAt(address, '/auth/.well-known/jwks.json')],
}

/** A page that a user with an access token gets. */
const asLoggedIn = async (address: string, path: string): Promise<Template[]> => {
  const token = await logIn(createClient(address))
  return [await pageAt(address, path, { authorization: `Bearer ${token}` })]
}

/** A signature is verified, and one row is read. */
export const h3Profile: Subject = {
  ...reading,
  name: 'h3-profile',
  question: 'what a profile costs auth in Go and in Node',
  operations: ['getMyProfile'],
  prepare: async () => ({ users: 1 }),
  templates: (address) => asLoggedIn(address, '/auth/users/me'),
}

/** What the gateway asks for each request while M6 is at its baseline. */
export const h3Verify: Subject = {
  ...reading,
  name: 'h3-verify',
  question: 'what it costs auth in Go and in Node to verify an access token',
  operations: ['verifyToken'],
  prepare: async () => ({ users: 1 }),
  templates: (address) => asLoggedIn(address, '/auth/verify'),
}

const password = 'correct horse battery'
const emailOf = (number: number): string => `lab-${number}@example.com`
const users = 16

/** Passwords are hashed, so that the hash is most of the work in both languages. */
export const h3Login: Subject = {
  ...shared,
  name: 'h3-login',
  question: 'what a log-in costs auth in Go and in Node',
  operations: ['loginUser'],
  // Some 50 log-ins a second use a whole core.
  sliceMs: 3_000,
  warmRequests: 300,
  ceiling: {
    what: 'a bare Fastify route that validates the same body and gives the same answer, without hashing a password',
    program: 'validate-only.ts',
  },
  prepare: async ({ url }) => {
    const api = createClient(url)
    for (let number = 0; number < users; number++) {
      await api('/auth/register', { body: { email: emailOf(number), password, name: 'Lab' } })
    }
    return { users }
  },
  reset: forgetLogIns,
  templates: async () =>
    Array.from({ length: users }, (_, number) => ({
      wire: postOf('/auth/login', {}, { email: emailOf(number), password }),
      status: 200,
      contains: '"access_token":"',
    })),
}

async function forgetLogIns({ adminUrl }: Stack): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`truncate auth.refresh_tokens, auth.refresh_families`
  } finally {
    await sql.end({ timeout: 1 })
  }
}
