import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Environment } from '@flash-deal/config'
import { root } from './paths.ts'

const services = ['auth', 'product', 'order', 'gateway']

/**
 * Loads the code of all services once if there is no compile cache yet. Node writes the cache when a
 * process ends, so processes that start together would all strip types and compile, and those that are
 * killed would never write it. Code that cannot be loaded is left to the tests to report.
 */
export const fillCompileCache = async (env: Environment): Promise<void> => {
  if (env.NODE_COMPILE_CACHE === undefined || existsSync(env.NODE_COMPILE_CACHE)) return
  const imports = services.map((name) => `await import('./apps/${name}/src/app.ts')`)
  const args = ['--input-type=module', '--eval', [...imports, 'process.exit()'].join('\n')]
  await promisify(execFile)(process.execPath, args, { cwd: root, env }).catch(() => {})
}
