/** The result of one invariant. */
export type Finding = {
  /** `I1` to `I9`, as in docs and reports. */
  id: string
  title: string
  holds: boolean
  figures: Record<string, number>
  /** Violations. Each names its deal, product, order or key. */
  offenders: string[]
}

export const finding = (found: Omit<Finding, 'holds'>): Finding => ({
  ...found,
  holds: found.offenders.length === 0,
})
