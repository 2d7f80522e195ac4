import { randomUUID } from 'node:crypto'
import type { NewId } from './seam.ts'

/** UUID version 4: random. */
export const randomIds =
  (count: () => void): NewId =>
  () => {
    count()
    return randomUUID()
  }
