import t from 'tap'
import { plantedAsyncBugs } from './histories/planted-bugs.ts'
import { foundOf } from './histories/search.ts'

/** As `planted-bugs.test.ts`, for bugs of asynchronous orders. */

t.setTimeout(1_200_000)
t.jobs = 2
for (const [bug, { breaks }] of Object.entries(plantedAsyncBugs)) {
  t.test(`${bug} is found, and breaks ${breaks.trim()}`, { buffered: true }, async (t) => {
    t.match(await foundOf(bug), breaks)
  })
}
