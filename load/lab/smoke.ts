import type { Header, RawRecord, Slice } from './record.ts'
import { preconditions } from './verdict/preconditions.ts'

/** The smoke test: whether every arm runs and responds correctly in a few short slices. */

/** The other preconditions concern time and load; a busy machine can fail them without an error. */
const checkedPreconditions: readonly string[] = [
  'figures',
  'variant',
  'witness',
  'statuses',
  'bodies',
  'errors',
]

/** One sentence for each problem. */
export const smokeProblems = (header: Header, records: readonly RawRecord[]): string[] => {
  const slices = records.filter(
    (record): record is Slice => record.kind === 'slice' && record.phase === 'measured',
  )
  const missing = header.arms.filter(({ name }) => !slices.some(({ arm }) => arm === name))
  const violations = records.flatMap((record) =>
    record.kind === 'restart' ? record.violations : [],
  )
  return [
    ...missing.map(({ name }) => `${name}: it has no slice`),
    ...violations,
    ...new Set(slices.flatMap((slice) => brokenOf(slice, header))),
  ]
}

const brokenOf = (slice: Slice, header: Header): string[] => {
  const arm = header.arms.find(({ name }) => name === slice.arm)
  if (!arm) return [`${slice.arm}: the design has no such arm`]
  return preconditions
    .filter(({ name }) => checkedPreconditions.includes(name))
    .flatMap(({ broken }) => broken(slice, { header, arm, warmUp: [] }) ?? [])
    .map((reason) => `${arm.name}: ${reason}`)
}
