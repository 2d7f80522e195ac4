import { needing, type Scenarios } from '@flash-deal/config'
import { PlainError } from './plain-error.ts'

/** @throws PlainError if a scenario needs Kong: nothing here starts it */
export const refuseKong = (scenarios: Scenarios): void => {
  const names = needing('kong', scenarios)
  if (names.length === 0) return
  throw new PlainError(
    `${names.join(', ')} needs Kong, which runs in containers only. Use docker compose with --profile kong, see docs/containers.md, or switch it off.`,
  )
}
