import { e1 } from './e1.ts'
import { e2, e2Single } from './e2.ts'
import { e2Shop } from './e2-shop.ts'
import { e3 } from './e3.ts'
import { e4 } from './e4.ts'
import { e5 } from './e5.ts'
import { e6 } from './e6.ts'
import { e7 } from './e7.ts'
import { h1 } from './h1.ts'
import { h2, h2Batches } from './h2.ts'
import { h3, h3Login, h3Profile, h3Verify } from './h3.ts'
import { h4, h4List } from './h4.ts'
import { h5 } from './h5.ts'
import { m1, m1Orders } from './m1.ts'
import { m2, m2EdDsa, m2Es256, m2Many } from './m2.ts'
import { m3 } from './m3.ts'
import { m4 } from './m4.ts'
import { m5 } from './m5.ts'
import { m6 } from './m6.ts'
import { m7 } from './m7.ts'
import { m8 } from './m8.ts'
import { m9 } from './m9.ts'
import type { Subject } from './subject.ts'
import { telemetry } from './telemetry.ts'

/** What the lab can measure, in the order of the scenario table. */
export const subjects: readonly Subject[] = [
  ...[e1, e2, e2Single, e2Shop, e3, e4, e5, e6, e7],
  ...[m1, m1Orders, m2, m2Many, m2Es256, m2EdDsa, m3, m4, m5, m6, m7, m8, m9, h1],
  ...[h2, h2Batches, h3, h3Login, h3Profile, h3Verify, h4, h4List, h5],
  telemetry,
]
