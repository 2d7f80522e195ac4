import { randomUUID } from 'node:crypto'
import type { Client } from '@flash-deal/local/api-client'

/** A new user's access token. */
export const logIn = async (api: Client): Promise<string> => {
  const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Lab' } })
  const { body } = await api<{ access_token: string }>('/auth/login', { body: credentials })
  return body.access_token
}
