import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Header } from '../record.ts'
import type { Summary } from '../summary.ts'
import { faultsOfSelfTest } from './planted.ts'

/** The valid self-test for a kind of machine: the same processor model, cores and kernel. */

type Machine = Pick<Header['machine'], 'cpu' | 'cores' | 'kernel'>

/** The name of the newest passed self-test on this kind of machine; undefined if there is none. */
export const validSelfTest = (root: string, machine: Machine): string | undefined =>
  globSync('load/results/*-self-test*/summary.json', { cwd: root })
    .map((file) => ({ name: basename(dirname(file)), summary: readSummary(join(root, file)) }))
    .filter(({ summary }) => isSameKind(summary.run.machine, machine))
    .filter(({ summary }) => faultsOfSelfTest(summary).length === 0)
    .sort((one, other) => (one.summary.run.startedAt < other.summary.run.startedAt ? 1 : -1))
    .at(0)?.name

/** Written by `conclude` or `rejudge`. */
const readSummary = (file: string): Summary => JSON.parse(readFileSync(file, 'utf8')) as Summary

const isSameKind = (one: Machine, other: Machine): boolean =>
  one.cpu === other.cpu && one.cores === other.cores && one.kernel === other.kernel

/** For a table of conditions. */
export const selfTestWords = (name: string | undefined): string =>
  name ?? 'none on this kind of machine yet: npm run lab -- self-test'
