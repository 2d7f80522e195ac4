import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'

const program = join(import.meta.dirname, 'find-planted-bug.ts')

/** What the tests find in a process of its own with this bug; empty if nothing. */
export const foundOf = async (bug: string): Promise<string> => {
  const env = environment()
  const { stdout } = await promisify(execFile)(process.execPath, [program, bug], { env })
  return String(JSON.parse(stdout.trim().split('\n').at(-1) ?? '""'))
}
