import { type Environment, environment, settingsSchemas } from '@flash-deal/config'

/** The environment of child processes: an allow list of variables. */

/** For a program that takes its options from the command line. macOS requires a locale. */
export const bareEnvironment: Environment = { LC_ALL: 'C', PATH: environment().PATH }

/** Variables with secrets. A service receives only its own secrets, separately. */
const secretNames = [
  ...['DATABASE_URL', 'AUTH_DATABASE_URL', 'PRODUCT_DATABASE_URL', 'ORDER_DATABASE_URL'],
  ...['TEST_DATABASE_URL', 'TEST_REDIS_URL', 'REDIS_URL', 'TEST_REDLOCK_URLS', 'REDLOCK_URLS'],
  ...['JWT_PRIVATE_KEY', 'INTERNAL_KEY'],
  // Used by docker-compose.yml, which reads the same .env.
  ...['POSTGRES_PASSWORD', 'AUTH_DATABASE_PASSWORD', 'PRODUCT_DATABASE_PASSWORD'],
  ...['ORDER_DATABASE_PASSWORD', 'GRAFANA_PASSWORD'],
]

/** For a tool that downloads something: the user's environment, including proxies, without secrets. */
export const toolEnvironment = (inherited: Environment): Environment =>
  Object.fromEntries(Object.entries(inherited).filter(([name]) => !secretNames.includes(name)))

/**
 * For a service: settings without secrets, scenarios, and variables that Node and the C library read.
 * Other variables of the user's shell or `.env` are removed. Services do not use a proxy.
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
