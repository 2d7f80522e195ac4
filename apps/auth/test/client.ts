import { randomUUID } from 'node:crypto'
import { type BuildOptions, buildApp } from '@flash-deal/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { auth } from '../src/app.ts'

/** A client of auth. */

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

export type Session = {
  access_token: string
  refresh_token: string
  token_type: string
  expires_in: number
}
export type User = { id: string; email: string; name: string; created_at: string }
/** Auth with new keys, unless the settings configure others. */
export const buildAuth = (t: Test, options: BuildOptions = {}): Promise<FastifyInstance> => {
  const keys = options.settings?.KEYS_DIR ?? t.testdir()
  return buildApp(t, 'auth', auth, {
    ...options,
    settings: { ...options.settings, KEYS_DIR: keys },
  })
}

export const someone = (given: Record<string, unknown> = {}) => ({
  email: `${randomUUID()}@example.com`,
  password: 'correct horse battery',
  name: 'Mina Kim',
  ...given,
})

const post =
  (url: string) =>
  (app: FastifyInstance, payload: object): Promise<LightMyRequestResponse> =>
    app.inject({ method: 'POST', url, payload })

export const register = post('/auth/register')
export const logIn = post('/auth/login')
const postRefresh = post('/auth/refresh')

export const refresh = (app: FastifyInstance, token: string): Promise<LightMyRequestResponse> =>
  postRefresh(app, { refresh_token: token })

export const getAs = (
  app: FastifyInstance,
  url: string,
  authorization?: string,
): Promise<LightMyRequestResponse> =>
  app.inject({ url, headers: authorization === undefined ? {} : { authorization } })

export const verify = (app: FastifyInstance, token: string): Promise<LightMyRequestResponse> =>
  getAs(app, '/auth/verify', `Bearer ${token}`)

/** A new account, and the tokens of its first log-in. */
export const newSession = async (app: FastifyInstance): Promise<Session & { user: User }> => {
  const { email, password, name } = someone()
  const registered = await register(app, { email, password, name })
  const session = await logIn(app, { email, password })
  return { ...session.json<Session>(), user: registered.json<User>() }
}
