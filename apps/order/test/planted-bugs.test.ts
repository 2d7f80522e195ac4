import t from 'tap'
import { plantedBugs } from './histories/planted-bugs.ts'
import { foundOf } from './histories/search.ts'

/** The checker and the histories must detect each planted bug. */

t.setTimeout(600_000)
t.jobs = 2
for (const [bug, { breaks }] of Object.entries(plantedBugs)) {
  t.test(`${bug} is found, and breaks ${breaks.trim()}`, { buffered: true }, async (t) => {
    t.match(await foundOf(bug), breaks)
  })
}
