import { environment } from '@flash-deal/config'

/** The servers that `npm test` has started. */
export type Servers = { databaseUrl: string; redisUrl: string | undefined }

/** @throws Error with the way to run tests, where they were started without servers */
export const servers = (): Servers => {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = environment()
  if (!TEST_DATABASE_URL) {
    throw new Error('These tests need PostgreSQL. Run them with: npm test -- <file>')
  }
  return { databaseUrl: TEST_DATABASE_URL, redisUrl: TEST_REDIS_URL }
}
