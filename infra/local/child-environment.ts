import { type Environment, environment, settingsSchemas } from '@flash-deal/config'

/** What a child process is told of our environment: what it needs, by name, and nothing else. */

/** For a server or a tool that takes its options from its command line. macOS wants a locale. */
export const bareEnvironment: Environment = { LC_ALL: 'C', PATH: environment().PATH }

/** What opens something. A service gets back only what is its own. */
const secretNames = [
  ...['DATABASE_URL', 'AUTH_DATABASE_URL', 'PRODUCT_DATABASE_URL', 'ORDER_DATABASE_URL'],
  ...['TEST_DATABASE_URL', 'TEST_REDIS_URL', 'REDIS_URL', 'TEST_REDLOCK_URLS', 'REDLOCK_URLS'],
  ...['JWT_PRIVATE_KEY', 'INTERNAL_KEY'],
  // Of docker-compose.yml, which reads the same .env.
  ...['POSTGRES_PASSWORD', 'AUTH_DATABASE_PASSWORD', 'PRODUCT_DATABASE_PASSWORD'],
  'ORDER_DATABASE_PASSWORD',
]

/** For a tool that fetches something: how to get out of the house is the user's to say. */
export const toolEnvironment = (inherited: Environment): Environment =>
  Object.fromEntries(Object.entries(inherited).filter(([name]) => !secretNames.includes(name)))

/**
 * For a service: the settings that are no secret, the scenarios, and what Node and the C library
 * read. Whatever else stands in the user's shell or `.env` is not for it. It calls no one by a proxy.
 */
export const serviceEnvironment = (inherited: Environment): Environment => ({
  ...Object.fromEntries(
    Object.entries(toolEnvironment(inherited)).filter(([name]) => isForService(name)),
  ),
  ...(inherited.NODE_OPTIONS && { NODE_OPTIONS: withoutProxy(inherited.NODE_OPTIONS) }),
})

const isForService = (name: string): boolean =>
  name !== 'NODE_USE_ENV_PROXY' &&
  (Object.hasOwn(settingsSchemas.local.shape, name) || ofSystem.test(name))

const ofSystem =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TZ|LANG|LC_\w+|NO_COLOR|FORCE_COLOR|SSL_CERT_\w+|SCENARIO\w*|NODE_\w+|UV_\w+|MALLOC_\w+)$/

const withoutProxy = (options: string): string => options.replaceAll(/--use-env-proxy(?!\S)/g, '')
