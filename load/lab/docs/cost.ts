import { tableMarkdown } from '@flash-deal/local/markdown-table'
import { layerChart } from '../cost/layer-steps.ts'
import { type CostKind, newestCostRun } from '../cost/record.ts'
import { costsOf } from '../cost/summary.ts'
import { tablesOf } from '../cost/table.ts'
import { linkTo } from './link.ts'
import { notYet, shortened } from './measured.ts'

/** The results of `npm run cost` for a page. @param from the page, relative to the repository's root */
export const costText = (root: string, kind: CostKind, from: string): string => {
  const newest = newestCostRun(root, kind)
  if (newest === undefined) return notYet
  const { folder, run } = newest
  const charts =
    kind === 'layers' ? run.rotations.map(({ samples }) => layerChart(costsOf(samples))) : []
  return [
    ...tablesOf(run).map(tableMarkdown),
    ...charts,
    `Measured on ${run.startedAt.slice(0, 10)}, commit ${shortened(run.commit)}, ${run.machine}, ${run.connections} connections: ${linkTo('all samples', folder, from)}.`,
  ].join('\n\n')
}
