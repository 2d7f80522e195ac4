import t from 'tap'
import { bugsAreFound } from './histories/bugs-are-found.ts'
import { plantedBugs } from './histories/planted-bugs.ts'

/** One planted bug for each invariant and response; `planted-bugs.long.test.ts` has all. */

const byWhatBreaks = new Map(
  Object.entries(plantedBugs)
    .toReversed()
    .map(([name, { breaks, foundBy }]) => [`${breaks} ${foundBy}`, name]),
)

t.setTimeout(600_000)
bugsAreFound(t, [...byWhatBreaks.values()])
