import { environment } from '@flash-deal/config'

/** The servers that `npm test` has started. */
export type Servers = {
  databaseUrl: string
  /** A migrated database that `freshDatabase` copies; without it each one is migrated. */
  templateDatabase: string | undefined
  redisUrl: string | undefined
  /** Of those for locks, with commas between them. */
  redlockUrls: string | undefined
  /** The program of a Valkey, for tests that need one of their own to break. */
  valkeyProgram: string | undefined
}

/** @throws Error with the way to run tests, where they were started without servers */
export const servers = (): Servers => {
  const env = environment()
  if (!env.TEST_DATABASE_URL) {
    throw new Error('These tests need PostgreSQL. Run them with: npm test -- <file>')
  }
  return {
    databaseUrl: env.TEST_DATABASE_URL,
    templateDatabase: env.TEST_TEMPLATE_DATABASE,
    redisUrl: env.TEST_REDIS_URL,
    redlockUrls: env.TEST_REDLOCK_URLS,
    valkeyProgram: env.TEST_VALKEY_PROGRAM,
  }
}
