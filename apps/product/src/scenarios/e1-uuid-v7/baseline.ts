import { randomUUID } from 'node:crypto'
import type { NewId } from './plugin.ts'

/** UUID version 4: random. */
export const randomIds =
  (count: () => void): NewId =>
  () => {
    count()
    return randomUUID()
  }
