import { uuidv7 } from 'uuidv7'
import type { NewId } from './seam.ts'

/** UUID version 7: starts with the time in milliseconds, so each id is greater than the previous ones. */
export const growingIds =
  (count: () => void): NewId =>
  () => {
    count()
    return uuidv7()
  }
