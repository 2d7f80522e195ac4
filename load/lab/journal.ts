import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { linesIn, startLines } from '@flash-deal/local/json-lines'
import { PlainError } from '@flash-deal/local/plain-error'
import type { Header, RawRecord } from './record.ts'
import { fromVersion1, type OldRecord } from './version-1.ts'

/** The raw records of a run as JSON lines: plain while it runs, compressed when it has ended. */

const plainOf = (folder: string): string => join(folder, 'raw.jsonl')
const compressedOf = (folder: string): string => join(folder, 'raw.jsonl.gz')

export type Journal = { write(record: RawRecord): void; close(): void }

/** Starts the journal of a folder with these records; it replaces an existing one. */
export const openJournal = (folder: string, records: readonly RawRecord[]): Journal => {
  const file = plainOf(folder)
  const append = startLines(file, records)
  return {
    write: append,
    close: () => {
      writeFileSync(compressedOf(folder), gzipSync(readFileSync(file)))
      rmSync(file)
    },
  }
}

export type Recorded = { header: Header; records: RawRecord[] }

/** @throws PlainError if the folder holds no run */
export const readJournal = (folder: string): Recorded => {
  // Written by `openJournal`, of this version or of an earlier one.
  const parsed = linesIn(textOf(folder)) as (RawRecord | OldRecord)[]
  const [header, ...records] = isVersion1(parsed)
    ? parsed.map(fromVersion1)
    : (parsed as RawRecord[])
  if (header?.kind !== 'run' || ![2, 3].includes(header.version)) {
    throw new PlainError(`${folder} holds no run that this version of the lab can read.`)
  }
  return { header, records }
}

const isVersion1 = (records: (RawRecord | OldRecord)[]): records is OldRecord[] => {
  const [header] = records
  return header?.kind === 'run' && header.version === 1
}

const textOf = (folder: string): string => {
  if (existsSync(plainOf(folder))) return readFileSync(plainOf(folder), 'utf8')
  if (existsSync(compressedOf(folder)))
    return gunzipSync(readFileSync(compressedOf(folder))).toString()
  throw new PlainError(`There are no raw slices in ${folder}. Name a folder below load/results.`)
}
