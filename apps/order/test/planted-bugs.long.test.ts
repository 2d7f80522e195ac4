import t from 'tap'
import { bugsAreFound } from './histories/bugs-are-found.ts'
import { plantedBugs } from './histories/planted-bugs.ts'

/** All planted bugs, with fixed seeds. */

t.setTimeout(600_000)
bugsAreFound(t, Object.keys(plantedBugs))
