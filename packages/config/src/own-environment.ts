import type { Environment } from './resolve-scenarios.ts'

/**
 * Libraries read the environment too. This module removes or overrides the variables that would change
 * the connections of this process and its children.
 */

type Variables = Record<string, string | undefined>

/** Changes `env` in place. It is called with `process.env`, which the libraries read. */
export const keepLibrariesOff = (env: Variables): void => {
  for (const name of Object.keys(env).filter(isOfPostgres)) delete env[name]
  reachLoopbackDirectly(env)
}

/** postgres.js and dbmate use PGHOST, PGSSL, PGOPTIONS and so on for parts that a URL omits. */
const isOfPostgres = (name: string): boolean => /^PG[A-Z]/.test(name)

const loopback = ['localhost', '127.0.0.1', '::1', '[::1]']

/** Without NO_PROXY, Node, curl and Python send requests for this machine to the proxy too. */
const reachLoopbackDirectly = (env: Variables): void => {
  if (!proxyNames.some((name) => env[name])) return
  const given = (env.no_proxy || env.NO_PROXY || '').split(',').map((each) => each.trim())
  const own = env.HOST ? [...loopback, env.HOST] : loopback
  const all = [...new Set([...given, ...own])].filter((each) => each !== '').join()
  env.NO_PROXY = all
  env.no_proxy = all
  if (!nodeUsesProxy(env)) return
  // Loaded only here: an import of it takes 60 ms of CPU time in each start of a process.
  process.getBuiltinModule('node:http').setGlobalProxyFromEnv(env as NodeJS.ProcessEnv)
}

const proxyNames = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
]

/** Whether Node has already configured its agents from the environment. */
const nodeUsesProxy = ({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Environment): boolean =>
  NODE_USE_ENV_PROXY === '1' || /--use-env-proxy\b/.test(`${NODE_OPTIONS} ${process.execArgv}`)
