import { documents } from '@flash-deal/contracts'
import { database } from '@flash-deal/db'
import { type App, contract, identity } from '@flash-deal/service'
import { handlers } from './handlers/index.ts'
import { oldRows } from './plugins/old-rows.ts'
import { passwords } from './plugins/passwords.ts'
import { refreshTokens } from './plugins/refresh-tokens.ts'
import { tokens, verifyBearer } from './plugins/tokens.ts'

/** Accounts and tokens. */
export const auth: App<'auth'> = async (app, { settings, scenarios }) => {
  await app.register(identity, {
    internalKey: settings.INTERNAL_KEY,
    deadlineMs: settings.DEADLINE_MS,
  })
  await app.register(database, {
    url: settings.AUTH_DATABASE_URL,
    applicationName: 'auth',
    variant: scenarios.E5,
    timeoutMs: settings.QUERY_TIMEOUT_MS,
    queueMax: settings.QUERY_QUEUE_MAX,
    pooler: settings.POOLER,
  })
  await app.register(passwords, {
    concurrency: settings.PASSWORD_CONCURRENCY,
    queueMax: settings.PASSWORD_QUEUE_MAX,
  })
  await app.register(tokens, { settings })
  await app.register(refreshTokens, {
    ttlS: settings.REFRESH_TOKEN_TTL_S,
    graceMs: settings.REFRESH_GRACE_MS,
  })
  await app.register(oldRows, { settings })

  await app.register(contract, { document: documents.auth, handlers, authenticate: verifyBearer })
}
