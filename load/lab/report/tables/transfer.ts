import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { ArmSummary, Summary } from '../../summary.ts'
import { whole } from '../numbers.ts'
import { networks, transferMs } from '../transfer.ts'

/** From which ratio on bytes differ by more than the digits of a number in them. */
const differing = 1.1

/**
 * What the bytes of the arms mean to who waits for them; no rows where they are as many in all. The
 * ceiling does not count here: it may answer less than the services do.
 */
export const transferTable = ({ summary: { arms } }: { summary: Summary }): Table => ({
  caption: `Time for the bytes of an answer alone, ms, computed for ${networkWords()}`,
  columns: [text('Arm'), figures('Bytes'), ...networks.map(({ name }) => figures(name))],
  rows: isAlike(arms.filter(isService).map(bytesOf)) ? [] : arms.map(rowOf),
})

const networkWords = (): string =>
  networks
    .map(({ name, bitsPerSecond }) => `${name} at ${bitsPerSecond / 1e6} Mbit/s`)
    .join(' and ')

const bytesOf = ({ counts }: ArmSummary): number => counts['bytes out'] ?? 0

const isService = ({ role }: ArmSummary): boolean => role !== 'ceiling'

const isAlike = (bytes: readonly number[]): boolean =>
  Math.max(...bytes) <= differing * Math.min(...bytes)

const rowOf = (arm: ArmSummary): string[] => {
  const bytes = bytesOf(arm)
  return [arm.name, whole(bytes), ...networks.map((network) => whole(transferMs(bytes, network)))]
}
