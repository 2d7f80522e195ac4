import type { ClaimGetRow } from '../gen/queries.ts'

/**
 * The states of a claimed Idempotency-Key and what may follow what. `leased`: one attempt has it.
 * `open`: that one is over or took too long, and the next may take the claim over, or it stores its
 * order after all. `answered`: the answer is kept.
 */
export const claimTransitions = {
  none: ['leased'],
  leased: ['open', 'answered'],
  open: ['leased', 'answered'],
  answered: [],
} as const

export type ClaimState = { state: 'leased' | 'open' } | { state: 'answered'; answer: string }

export const claimStateOf = ({
  answer,
  is_leased,
}: Pick<ClaimGetRow, 'answer' | 'is_leased'>): ClaimState => {
  if (answer !== null) return { state: 'answered', answer }
  return { state: is_leased ? 'leased' : 'open' }
}
