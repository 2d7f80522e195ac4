import type { Test } from 'tap'
import { plantedBugs } from './planted-bugs.ts'
import { foundOf } from './search.ts'

/** The checker and the histories must detect each of these planted bugs, in separate processes. */
export const bugsAreFound = (t: Test, names: readonly string[]): void => {
  t.jobs = 2
  for (const name of names) {
    const { breaks } = plantedBugs[name] ?? { breaks: 'There is no such bug' }
    t.test(`${name} is found, and breaks ${breaks.trim()}`, { buffered: true }, async (t) => {
      t.match(await foundOf(name), breaks)
    })
  }
}
