import t from 'tap'
import { bugsAreFound } from './histories/bugs-are-found.ts'
import { plantedBugs } from './histories/planted-bugs.ts'

/**
 * A planted bug that breaks an invariant, one that contradicts a response, and one that only a burst
 * finds; `planted-bugs.long.test.ts` has all.
 */

const kindOf = ({ breaks, foundBy }: (typeof plantedBugs)[string]): string =>
  `${/^I\d /.test(breaks) ? 'invariant' : 'response'}, ${foundBy}`

const oneOfEachKind = new Map(
  Object.entries(plantedBugs)
    .toReversed()
    .map(([name, bug]) => [kindOf(bug), name]),
)

t.setTimeout(600_000)
t.equal(oneOfEachKind.size, 3)
bugsAreFound(t, [...oneOfEachKind.values()])
