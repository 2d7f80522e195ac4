import { arch, cpus, platform, release } from 'node:os'
import { scenarioOf } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { root } from '@flash-deal/local/paths'
import { layoutWords } from './cores.ts'
import { filesOf } from './files/files-of.ts'
import type { LoadKind } from './loads.ts'
import type { Arm, Header } from './record.ts'
import type { Subject } from './subjects/subject.ts'

/** The conditions of a run. */

/** A, A', a B for each treatment, and L. The flags of `measuredWith` are on in every arm but L. */
export const armsOf = (
  subject: Subject,
  treatments: readonly string[],
  kind: LoadKind = 'capacity',
): Arm[] => {
  const always = alwaysOn(subject)
  const arm = (name: string, role: Arm['role'], variant: string): Arm => ({
    name,
    role,
    scenarios: { ...always, [subject.id]: subject.sameVariant ?? variant },
    witnesses: subject.witness[variant] ?? [],
  })
  const ceiling: Arm = { name: 'ceiling', role: 'ceiling', scenarios: {}, witnesses: [] }
  return [
    arm('baseline', 'baseline', 'baseline'),
    arm('baseline again', 'repeat', 'baseline'),
    ...treatments.map((variant) => arm(variant, 'treatment', variant)),
    // A ceiling limits the capacity; an open loop or a replay stays below it.
    ...(kind === 'capacity' ? [ceiling] : []),
  ]
}

/** The variants that all arms share, by scenario. */
export const alwaysOn = ({ id }: Pick<Subject, 'id'>): Arm['scenarios'] =>
  Object.fromEntries((scenarioOf(id).measuredWith ?? []).map((other) => [other, 'optimized']))

type Given = 'seed' | 'arms' | 'blocks' | 'warmUp' | 'data' | 'load' | 'figure' | 'planted'

export const headerOf = async (
  subject: Subject,
  system: { settings(): Promise<Header['settings']> },
  given: Pick<Header, Given>,
): Promise<Header> => ({
  kind: 'run',
  version: 3,
  id: subject.id,
  subject: subject.name,
  ...given,
  commit: commit(),
  startedAt: new Date().toISOString(),
  outcome: 'ok',
  statuses: subject.statuses ?? ['200'],
  checksInvariants: subject.onlyReads !== true,
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    kernel: `${platform()} ${release()} ${arch()}`,
    layout: layoutWords(),
  },
  versions: { node: process.version, v8: process.versions.v8 },
  settings: { ceiling: subject.ceiling.what, ...(await system.settings()) },
  ...(subject.scale && { scale: subject.scale }),
  ...(subject.zipf !== undefined && { zipf: subject.zipf }),
  ...(subject.services.length > 1 && { processes: subject.services.length }),
  files: Object.fromEntries(given.arms.map((arm) => [arm.name, filesOf(root, subject, arm)])),
})
