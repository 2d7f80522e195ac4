import { type Environment, environment } from '@flash-deal/config'

/** The servers that `npm test` has started. */
export type Servers = {
  databaseUrl: string
  /** The migrated database that `freshDatabase` copies; without it, each database is migrated. */
  templateDatabase: string | undefined
  redisUrl: string | undefined
  /** The addresses of the Valkeys for locks, separated by commas. */
  redlockUrls: string | undefined
  /** The path of the Valkey program, for tests that break their own. */
  valkeyProgram: string | undefined
  /** The folder of programs that test files build. */
  programs: string
  /** Java and the jars of Kafka, for tests that start a broker. */
  kafka: { java: string; folder: string } | undefined
}

/** @throws Error that explains how to run tests, if they were started without servers */
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
    programs: env.TEST_PROGRAMS ?? '',
    kafka: kafkaIn(env),
  }
}

const kafkaIn = ({ TEST_KAFKA_JAVA: java, TEST_KAFKA_FOLDER: folder }: Environment) =>
  java && folder ? { java, folder } : undefined
