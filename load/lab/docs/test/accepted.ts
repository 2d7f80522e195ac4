import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openJournal } from '../../journal.ts'
import type { Header } from '../../record.ts'
import { runOf } from '../../report/test/runs.ts'
import { header, type Simulation } from '../../verdict/test/simulate.ts'

/** A simulated run as the laboratory leaves it below load/results; returns what is written. */
export const accept = (
  root: string,
  name: string,
  { changes = {}, ...simulation }: Simulation & { changes?: Partial<Header> } = {},
) => {
  const run = runOf({ ...simulation, header: header(changes) })
  const folder = join(root, 'load/results', name)
  const journal = openJournal(folder, [run.header, ...run.records])
  journal.close()
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(run.summary))
  return { ...run.summary, folder }
}
