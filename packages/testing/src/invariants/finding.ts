/** What was found of one invariant. */
export type Finding = {
  /** `I1` to `I9`, as docs and reports name it. */
  id: string
  title: string
  holds: boolean
  figures: Record<string, number>
  /** What breaks it: each names its deal, product, order or key. */
  offenders: string[]
}

export const finding = (found: Omit<Finding, 'holds'>): Finding => ({
  ...found,
  holds: found.offenders.length === 0,
})
