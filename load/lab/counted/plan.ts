/** A node of a PostgreSQL plan with its actual figures; unused fields are kept too. */
export type Plan = {
  'Node Type': string
  'Parallel Aware'?: boolean
  'Relation Name'?: string
  'Index Name'?: string
  /** The number of loops; the figures are means over them. */
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  /** This figure and the following ones include the nodes below. */
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  'WAL Bytes'?: number
  'WAL FPI'?: number
  Plans?: readonly Plan[]
}

type Figures = Record<string, number>

/** The work of a statement: WAL for one that writes, buffers for a query. */
export const figuresOf = (plan: Plan): Figures =>
  plan['Node Type'] === 'ModifyTable'
    ? { 'WAL bytes': plan['WAL Bytes'] ?? 0, 'full-page images': plan['WAL FPI'] ?? 0 }
    : {
        buffers: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
        'rows removed by filter': removedBy(plan),
      }

const removedBy = (plan: Plan): number => {
  const own = (plan['Rows Removed by Filter'] ?? 0) * (plan['Actual Loops'] ?? 1)
  return (plan.Plans ?? []).reduce((sum, each) => sum + removedBy(each), own)
}

/** The scans of a query: `Index Only Scan, m3_orders_of_user`; empty for a statement that writes. */
export const waysOf = (plan: Plan): string[] =>
  plan['Node Type'] === 'ModifyTable' ? [] : [...new Set(scansIn(plan))]

const scansIn = (plan: Plan): string[] => {
  const target = plan['Index Name'] ?? plan['Relation Name']
  const kind = plan['Parallel Aware'] ? `Parallel ${plan['Node Type']}` : plan['Node Type']
  return [
    ...(target === undefined ? [] : [`${kind}, ${target}`]),
    ...(plan.Plans ?? []).flatMap(scansIn),
  ]
}
