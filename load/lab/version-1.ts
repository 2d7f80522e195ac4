import type { Arm, Header, RawRecord, RestartEnd, Slice } from './record.ts'

/** Records of version 1: a pair was a `couple`, the ceiling a `limit`, violations `breaches`. */

type OldArm = Omit<Arm, 'role'> & { role: Arm['role'] | 'limit' }
type OldHeader = Omit<Header, 'version' | 'arms' | 'settings'> & {
  version: 1
  arms: readonly OldArm[]
  settings: Record<string, string>
}
type OldSlice = Omit<Slice, 'pair'> & { couple: number }
type OldRestartEnd = Omit<RestartEnd, 'violations'> & { breaches: readonly string[] }

export type OldRecord =
  | OldHeader
  | OldSlice
  | OldRestartEnd
  | Exclude<RawRecord, Header | Slice | RestartEnd>

/** The same record in the terms of the current version. */
export const fromVersion1 = (record: OldRecord): RawRecord => {
  if (record.kind === 'run') return headerFrom(record)
  if (record.kind === 'slice') return sliceFrom(record)
  if (record.kind === 'restart') return restartEndFrom(record)
  return record
}

const headerFrom = ({ arms, settings, ...header }: OldHeader): Header => {
  const { limit: ceiling, ...others } = settings
  return {
    ...header,
    version: 2,
    arms: arms.map((arm) => ({ ...arm, role: arm.role === 'limit' ? 'ceiling' : arm.role })),
    settings: { ...(ceiling !== undefined && { ceiling }), ...others },
  }
}

const sliceFrom = ({ couple, ...slice }: OldSlice): Slice => ({ ...slice, pair: couple })

const restartEndFrom = ({ breaches, ...end }: OldRestartEnd): RestartEnd => ({
  ...end,
  violations: breaches,
})
