import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import { programOnPath } from '@flash-deal/local/find-tool'

/** Prometheus and its tool, as they are installed. */

export const folder = join(import.meta.dirname, '..')

export const prometheusProgram = programOnPath('prometheus', environment())
const promtoolProgram = programOnPath('promtool', environment())

/** The reason to skip tests that need them; false if they are installed. */
export const skip =
  (prometheusProgram === undefined || promtoolProgram === undefined) &&
  'there is no Prometheus; install Debian’s package prometheus to run this'

/** Runs promtool in the folder of this workspace. Resolves to its exit code and what it printed. */
export const promtool = async (args: readonly string[], input = '') => {
  if (promtoolProgram === undefined) throw new Error('It was skipped.')
  const child = spawn(promtoolProgram, [...args], { cwd: folder })
  const { promise: code, resolve } = Promise.withResolvers<number | null>()
  child.on('close', resolve)
  child.stdin.end(input)
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, printed: `${out}${error}` }
}
