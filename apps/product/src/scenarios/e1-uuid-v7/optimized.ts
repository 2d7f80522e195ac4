import { uuidv7 } from 'uuidv7'
import type { NewId } from './seam.ts'

/** UUID version 7: the time in milliseconds comes first, so each id is greater than those before. */
export const growingIds =
  (count: () => void): NewId =>
  () => {
    count()
    return uuidv7()
  }
