import t from 'tap'
import { answersAreTheSame } from '../../../test/same-answers.ts'

/** The same histories every time; `same-answers.long.test.ts` has others. */

await answersAreTheSame(t, { seed: 1, histories: 6 })
