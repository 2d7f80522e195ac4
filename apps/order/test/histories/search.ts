import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'

const program = join(import.meta.dirname, 'find-planted-bug.ts')

/** The violation that a separate process with this bug finds; empty if there is none. */
export const foundOf = async (bug: string): Promise<string> => {
  const env = environment()
  const { stdout } = await promisify(execFile)(process.execPath, [program, bug], { env })
  return String(JSON.parse(stdout.trim().split('\n').at(-1) ?? '""'))
}
