import { e2 } from './e2.ts'
import { m1, m1Orders } from './m1.ts'
import type { Subject } from './subject.ts'

/** What the lab can measure, in the order of the scenario table. */
export const subjects: readonly Subject[] = [e2, m1, m1Orders]
