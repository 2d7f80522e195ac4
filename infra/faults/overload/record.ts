import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commit } from '@flash-deal/local/commit'
import { machine } from '@flash-deal/local/machine'
import { figures, type Table, tableMarkdown, text } from '@flash-deal/local/markdown-table'
import { root } from '@flash-deal/local/paths'
import { average, total } from './costs.ts'
import { hasPassed, lowest, window } from './judge.ts'
import type { Overload, OverloadOptions } from './overload.ts'

/** The record of `npm run overload -- --report FOLDER`: every second as JSON, and a page. */

export type OverloadRecord = {
  startedAt: string
  /** Of every system of the run. */
  extent: Pick<OverloadOptions, 'target' | 'scenarios' | 'seconds' | 'times' | 'retries'>
  systems: { variant: string; result: Overload }[]
}

/** @param folder a relative path is resolved from the repository's root */
export const writeRecord = (folder: string, record: OverloadRecord): void => {
  const path = resolve(root, folder)
  mkdirSync(path, { recursive: true })
  const document = { commit: commit(), machine: machine(), node: process.version, ...record }
  writeFileSync(join(path, 'overload.json'), `${JSON.stringify(document, null, 2)}\n`)
  writeFileSync(join(path, 'overload.md'), pageOf(document))
}

type Document = OverloadRecord & { commit: string; machine: string; node: string }

const pageOf = (document: Document): string => {
  const { target, scenarios, seconds, times, retries } = document.extent
  const further = scenarios === '' ? '' : `, with ${scenarios.toUpperCase().replaceAll(',', ', ')}`
  return [
    '# Overload',
    `Commit ${document.commit}, started ${document.startedAt}. Machine: ${document.machine}, Node ${document.node}. ${times} times the throughput for ${seconds} s, sent to ${target}${further}; the same again with ${retries} immediate retries of each rejected order.`,
    tableMarkdown(tableOf(document)),
    `Goodput is in per cent of the throughput that the system reaches while a separate process rejects the excess orders; the worst is that of the worst ${window} seconds in a row. The generator and that process share the processors with the system. Targets: at least 80 % in the worst ${window} seconds, at most 1.2 times the CPU of order with retries, and every order succeeds ten seconds after the overload.\n`,
  ].join('\n\n')
}

const tableOf = ({ systems }: OverloadRecord): Table => ({
  caption: 'Goodput under overload',
  columns: [
    text('M1'),
    text('targets'),
    ...[
      'throughput/s',
      'beside rejections/s',
      'goodput, average, %',
      'goodput, worst, %',
      'order, µs of the target',
      'rejection, µs of the target',
      'late',
      'with retries: CPU of order',
      'with retries: goodput, average, %',
      'violations',
    ].map(figures),
  ],
  rows: systems.map(({ variant, result }) => [variant, ...cellsOf(result)]),
})

const cellsOf = (result: Overload): string[] => {
  const { peak, beside, during, storm, costs, broken } = result
  const share = (rate: number): string => `${Math.round((100 * rate) / beside)}`
  return [
    hasPassed(result) ? 'met' : 'missed',
    ...[peak, beside].map((rate) => `${Math.round(rate)}`),
    share(average(during)),
    share(lowest(during)),
    ...[costs.order, costs.rejection].map((cost) => `${Math.round(cost)}`),
    `${total(during, 'late')}`,
    storm ? `× ${storm.costRatio.toFixed(2)}` : '',
    storm ? share(average(storm.seconds)) : '',
    `${broken.length}`,
  ]
}
