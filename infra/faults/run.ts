import '@flash-deal/local/env-file'
import { environment } from '@flash-deal/config'
import { onEnd } from '@flash-deal/local/lifetime'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { readArguments, usage, type Wanted } from './arguments.ts'
import { hasPassed, type Listener, type Played, playRow } from './battery.ts'
import { type Benches, benchesOf } from './bench.ts'
import { keepHistory } from './history.ts'
import { beginningOf, resultOf, summaryOf, tableOf } from './report.ts'

/** `npm run faults`: see the usage in arguments.ts. */

const main = async (): Promise<boolean> => {
  const wanted = readArguments(process.argv.slice(2))
  if (wanted !== 'help') return runBattery(wanted)
  console.log(usage)
  return true
}

const runBattery = async (wanted: Wanted): Promise<boolean> => {
  const ending = new AbortController()
  const benches = benchesOf(ending.signal)
  onEnd(environment(), {
    end: () => {
      ending.abort()
      void benches.discard().finally(() => process.exit(130))
    },
    // What still runs then is ended by the watchdog of the bench.
    hurry: () => process.exit(130),
  })
  try {
    return await playRows(wanted, benches, listenerOf(wanted.requests, ending.signal))
  } catch (error) {
    if (ending.signal.aborted) return false
    throw error
  } finally {
    await benches.discard()
  }
}

const playRows = async (wanted: Wanted, benches: Benches, listener: Listener): Promise<boolean> => {
  const rows: Played[][] = []
  for (const fault of wanted.faults) rows.push(await playRow(benches, fault, wanted, listener))
  console.log(`${tableOf(rows)}\n${summaryOf(rows)}`)
  return rows.every(hasPassed)
}

/** What goes wrong while everything is being ended is no finding. */
const listenerOf = (requests: number, ending: AbortSignal): Listener => ({
  begins: (fault, seed) => {
    if (!ending.aborted) console.log(beginningOf(fault, seed))
  },
  ended: (played) => {
    if (ending.aborted) return
    console.log(resultOf(played, requests))
    if (played.round.broken.length > 0) console.log(`  Its history: ${keepHistory(played)}`)
  },
})

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
