import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { ArmSummary, Summary } from '../../summary.ts'
import { whole } from '../numbers.ts'
import { networks, transferMs } from '../transfer.ts'

/** Below this ratio, bytes may differ only by the digits of a number in them. */
const differing = 1.1

/**
 * The transfer time of the arms' responses; no rows if all arms send the same number of bytes. The
 * ceiling is left out: its responses may be smaller than those of the services.
 */
export const transferTable = ({ summary: { arms } }: { summary: Summary }): Table => ({
  caption: `Transfer time of a response, ms, computed for ${networkWords()}`,
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
