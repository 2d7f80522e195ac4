import { environment } from '@flash-deal/config'

/** The servers that `npm test` has started. */
export type Servers = {
  databaseUrl: string
  redisUrl: string | undefined
  /** Of those for locks, with commas between them. */
  redlockUrls: string | undefined
  /** The program of a Valkey, for tests that need one of their own to break. */
  valkeyProgram: string | undefined
}

/** @throws Error with the way to run tests, where they were started without servers */
export const servers = (): Servers => {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_REDLOCK_URLS, TEST_VALKEY_PROGRAM } =
    environment()
  if (!TEST_DATABASE_URL) {
    throw new Error('These tests need PostgreSQL. Run them with: npm test -- <file>')
  }
  return {
    databaseUrl: TEST_DATABASE_URL,
    redisUrl: TEST_REDIS_URL,
    redlockUrls: TEST_REDLOCK_URLS,
    valkeyProgram: TEST_VALKEY_PROGRAM,
  }
}
