import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { plantedBugs } from './histories/planted-bugs.ts'

/** The checker and the histories must detect each planted bug. */

const program = join(import.meta.dirname, 'histories/find-planted-bug.ts')

const foundOf = async (bug: string): Promise<string> => {
  const env = environment()
  const { stdout } = await promisify(execFile)(process.execPath, [program, bug], { env })
  return String(JSON.parse(stdout.trim().split('\n').at(-1) ?? '""'))
}

t.setTimeout(600_000)
t.jobs = 2
for (const [bug, { breaks }] of Object.entries(plantedBugs)) {
  t.test(`${bug} is found, and breaks ${breaks.trim()}`, { buffered: true }, async (t) => {
    t.match(await foundOf(bug), breaks)
  })
}
