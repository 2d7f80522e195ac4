import type { ClaimGetRow } from '../gen/queries.ts'

/**
 * The states of a claimed Idempotency-Key and their transitions. `leased`: one attempt holds it.
 * `open`: that attempt has ended or took too long; the next attempt may take over the claim, or the
 * first still stores its order. `answered`: the response is stored.
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
