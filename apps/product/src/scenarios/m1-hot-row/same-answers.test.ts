import t from 'tap'
import { responsesAreEqual } from '../../../test/same-responses.ts'

/** The same histories every time; `same-answers.long.test.ts` has others. */

await responsesAreEqual(t, { seed: 1, histories: 6 })
