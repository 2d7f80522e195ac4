/** What was found of one invariant. */
export type Finding = {
  /** As DESIGN numbers them. */
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
