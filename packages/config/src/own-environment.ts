import { setGlobalProxyFromEnv } from 'node:http'
import type { Environment } from './resolve-scenarios.ts'

/**
 * Libraries read the environment too, past the settings. What would change where our processes
 * connect to, or how, has no effect in them or in their children.
 */

type Variables = Record<string, string | undefined>

/** Changes `env` in place: it is called with `process.env`, which the libraries read. */
export const keepLibrariesOff = (env: Variables): void => {
  for (const name of Object.keys(env).filter(isOfPostgres)) delete env[name]
  reachLoopbackDirectly(env)
}

/** postgres.js and dbmate take PGHOST, PGSSL, PGOPTIONS and the like for what an address leaves out. */
const isOfPostgres = (name: string): boolean => /^PG[A-Z]/.test(name)

const loopback = ['localhost', '127.0.0.1', '::1', '[::1]']

/** Without NO_PROXY, Node, curl and Python send what is for this machine to the proxy as well. */
const reachLoopbackDirectly = (env: Variables): void => {
  if (!proxyNames.some((name) => env[name])) return
  const given = (env.no_proxy || env.NO_PROXY || '').split(',').map((each) => each.trim())
  const own = env.HOST ? [...loopback, env.HOST] : loopback
  const all = [...new Set([...given, ...own])].filter((each) => each !== '').join()
  env.NO_PROXY = all
  env.no_proxy = all
  if (nodeUsesProxy(env)) setGlobalProxyFromEnv(env as NodeJS.ProcessEnv)
}

const proxyNames = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
]

/** Node has read the environment before us; then its agents have to be told again. */
const nodeUsesProxy = ({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Environment): boolean =>
  NODE_USE_ENV_PROXY === '1' || /--use-env-proxy\b/.test(`${NODE_OPTIONS} ${process.execArgv}`)
