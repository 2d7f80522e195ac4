import { PlainError } from '@flash-deal/local/plain-error'
import { subjects } from './index.ts'
import type { Subject } from './subject.ts'

/** @throws PlainError that lists the known names */
export const subjectNamed = (name: string): Subject => {
  const subject = subjects.find((each) => each.name === name.toLowerCase())
  if (subject) return subject
  const known = subjects.map((each) => each.name).join(', ')
  throw new PlainError(
    `The lab cannot measure "${name}". It can: ${known}. See npm run lab -- list.`,
  )
}
