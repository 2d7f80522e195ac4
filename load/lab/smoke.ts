import type { Header, RawRecord, Slice } from './record.ts'
import { preconditions } from './verdict/preconditions.ts'

/** The smoke test: whether every arm runs and responds correctly in a few short slices. */

/** The rest are about time and load, which a busy machine breaks without anything being wrong. */
const asked: readonly string[] = ['variant', 'witness', 'statuses', 'bodies', 'errors']

/** A sentence for each thing that is not as it should be. */
export const smokeProblems = (header: Header, records: readonly RawRecord[]): string[] => {
  const slices = records.filter(
    (record): record is Slice => record.kind === 'slice' && record.phase === 'measured',
  )
  const missing = header.arms.filter(({ name }) => !slices.some(({ arm }) => arm === name))
  const violations = records.flatMap((record) =>
    record.kind === 'restart' ? record.violations : [],
  )
  return [
    ...missing.map(({ name }) => `${name}: it was never measured`),
    ...violations,
    ...new Set(slices.flatMap((slice) => brokenOf(slice, header))),
  ]
}

const brokenOf = (slice: Slice, header: Header): string[] => {
  const arm = header.arms.find(({ name }) => name === slice.arm)
  if (!arm) return [`${slice.arm}: no such arm was meant to run`]
  return preconditions
    .filter(({ name }) => asked.includes(name))
    .flatMap(({ broken }) => broken(slice, { header, arm, warmUp: [] }) ?? [])
    .map((reason) => `${arm.name}: ${reason}`)
}
