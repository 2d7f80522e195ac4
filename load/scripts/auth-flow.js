import { call, checked } from './lib/call.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newCredentials } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Each iteration uses a new user: register, log in, get the profile, list the user's orders USES times
 * with the same token, refresh the tokens and use the new ones. For M2: one token 1,000 times, and
 * 5,000 tokens, which take some minutes, because each costs two slow password hashes.
 *
 *     k6 run -e EXPECT=M2=optimized -e VUS=10 -e DURATION=30s load/scripts/auth-flow.js
 *     k6 run -e EXPECT=M2=optimized -e MODE=count -e COUNT=1 -e VUS=1 -e USES=1000 load/scripts/auth-flow.js
 *     k6 run -e EXPECT=M2=optimized -e MODE=count -e COUNT=5000 load/scripts/auth-flow.js
 */
export const options = optionsFor({ vus: 10, duration: '30s', rate: 10 })

export const setup = assertExpected

const uses = numberOf('USES', 1)

const isGranted = ({ access_token, refresh_token, token_type, expires_in }) =>
  access_token.split('.').length === 3 &&
  refresh_token.length > 0 &&
  token_type === 'Bearer' &&
  expires_in > 0

const isUser = (user, { id, email, name }) =>
  user.id === id && user.email === email && user.name === name && !('password' in user)

const register = (credentials) => {
  const answer = call('POST', '/auth/register', { body: { ...credentials, name: 'Buyer' } })
  return checked(answer, 'register', 201, (user) =>
    isUser(user, { id: user.id, email: credentials.email, name: 'Buyer' }),
  )
}

const logIn = (body) => checked(call('POST', '/auth/login', { body }), 'log in', 200, isGranted)

const refresh = ({ refresh_token }) => {
  const answer = call('POST', '/auth/refresh', { body: { refresh_token } })
  const isRotated = (tokens) => isGranted(tokens) && tokens.refresh_token !== refresh_token
  return checked(answer, 'refresh', 200, isRotated)
}

const seeProfile = (user, { access_token: token }, what) =>
  checked(call('GET', '/auth/users/me', { token }), what, 200, (seen) => isUser(seen, user))

const isNone = ({ items, total }) => items.length === 0 && total === 0

/** Undefined if a response was wrong. */
const useOften = ({ access_token: token }) => {
  for (let use = 0; use < uses; use += 1) {
    const answer = call('GET', '/orders?size=1', { token, name: '/orders?size' })
    if (!checked(answer, 'own orders', 200, isNone)) return undefined
  }
  return true
}

export default () => {
  const credentials = newCredentials()
  const user = register(credentials)
  const tokens = user && logIn(credentials)
  const profile = tokens && seeProfile(user, tokens, 'profile')
  const fresh = profile && useOften(tokens) && refresh(tokens)
  if (fresh) seeProfile(user, fresh, 'profile by fresh token')
  think(0)
}
