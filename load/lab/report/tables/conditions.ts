import { type Table, text } from '@flash-deal/local/markdown-table'
import { root } from '@flash-deal/local/paths'
import { selfTestWords, validSelfTest } from '../../self-test/valid-self-test.ts'
import type { Evidence } from '../evidence.ts'
import { orNone, percent, whole } from '../numbers.ts'
import { loadSentence } from '../phrases.ts'

/** The conditions of a run, in enough detail to repeat it. */
export const conditionTable = ({ header, summary }: Evidence): Table => {
  const { machine } = header
  return {
    caption: 'Conditions',
    columns: [text('Condition'), text('In this run')],
    rows: [
      ['Commit', header.commit],
      ['Begun', header.startedAt],
      ['Load', loadSentence(header)],
      ['Warm-up', warmUpOf(header)],
      ...(header.zipf === undefined
        ? []
        : [['Requests', `drawn from a Zipf distribution with the exponent ${header.zipf}`]]),
      ['Processor', `${machine.cpu}, ${machine.cores} cores`],
      ['Kernel', machine.kernel],
      ['Self-test on this kind of machine', selfTestWords(validSelfTest(root, machine))],
      ['Layout', machine.layout],
      ...named('Version of', header.versions),
      ...named('Setting', header.settings),
      ...named('Data:', mapped(header.data)),
      ...header.arms.map(({ name, scenarios }) => [`Flags of ${name}`, flagsOf(scenarios)]),
      ['Seed of the order', `${header.seed}`],
      ['Reason of the end', summary.ending ?? 'not recorded'],
      ['Restarts', `${summary.restarts} of ${header.blocks} blocks`],
      ['Slices', slicesOf(summary.slices)],
      ['Drift of the baseline', orNone(summary.drift, percent)],
      ['Busy time accounted for', orNone(summary.accounted, percent)],
      ['Invariants', header.checksInvariants ? 'checked after every restart' : 'not checked'],
    ],
  }
}

const warmUpOf = ({ warmUp }: Evidence['header']): string =>
  warmUp
    ? `${whole(warmUp.requests)} requests to each arm in each restart, two arms at a time`
    : 'by time: at least ten seconds under load'

const named = (what: string, values: Readonly<Record<string, string>>): string[][] =>
  Object.entries(values).map(([name, value]) => [`${what} ${name}`, value])

const mapped = (data: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([name, count]) => [name, whole(count)]))

const flagsOf = (scenarios: Readonly<Record<string, string>>): string =>
  Object.entries(scenarios)
    .map(([id, variant]) => `${id}=${variant}`)
    .join(', ') || 'none'

const slicesOf = ({ measured, used }: Evidence['summary']['slices']): string =>
  `${whole(measured)} run, ${whole(used)} used, ${whole(measured - used)} refused`
