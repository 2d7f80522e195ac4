import './env-file.ts'
import { parseArgs } from 'node:util'
import { environment, readSettings, type Settings } from '@flash-deal/config'
import { checkInvariants, type Finding } from '@flash-deal/testing/invariants'
import { invariantTable, offenderLines, summaryOf, warningLines } from './invariant-table.ts'
import { stateFolder } from './paths.ts'
import { codeOf, PlainError, sentenceOf } from './plain-error.ts'
import { readSecrets } from './secrets.ts'
import { databaseUrls } from './services.ts'
import { isRunning } from './state-folder.ts'

/** `npm run invariants`: checks the invariants against the tables of a running system. */

const usage = `Usage: npm run invariants [-- --at-rest]
Checks the system of make run, or those of PRODUCT_DATABASE_URL and ORDER_DATABASE_URL.
  --at-rest  no orders are placed any more, so every event must be delivered and every hold settled`

/** Time for a sweep, and for a second one if the first fails. */
const graceMs = 10_000

type Addresses = { productUrl: string; orderUrl: string }

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      'at-rest': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const findings = await findingsOf(readSettings('local'), values['at-rest'])
  console.log(invariantTable(findings))
  for (const line of [...offenderLines(findings), ...warningLines(findings)]) console.log(line)
  console.log(summaryOf(findings))
  return findings.every(({ holds }) => holds) ? 0 : 1
}

const findingsOf = async (settings: Settings<'local'>, atRest: boolean): Promise<Finding[]> => {
  const addresses = addressesOf(settings)
  const patience = { sweepMs: settings.SWEEP_INTERVAL_MS, graceMs }
  try {
    const claimsKeptMs = settings.CLAIM_RETENTION_MS
    return await checkInvariants({ ...addresses, atRest, patience, claimsKeptMs })
  } catch (error) {
    // Errors of PostgreSQL and of the network have a code. An error without a code is a bug.
    if ((error as { code?: unknown }).code === undefined) throw error
    throw new PlainError(
      `The tables at ${hostsOf(addresses)} cannot be read (${codeOf(error)}). Run this command with the settings that the system was started with.`,
    )
  }
}

const addressesOf = (settings: Settings<'local'>): Addresses => {
  const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } = environment()
  return productUrl && orderUrl ? { productUrl, orderUrl } : addressesOfRun(settings)
}

/** The addresses that the launcher gave to the services. */
const addressesOfRun = (settings: Settings<'local'>): Addresses => {
  const state = stateFolder(settings)
  if (!isRunning(state)) {
    throw new PlainError(
      `No system is running with the state folder ${state}. Start it with make run.`,
    )
  }
  const own = `postgres://postgres@127.0.0.1:${settings.POSTGRES_PORT}/postgres`
  const adminUrl = settings.DATABASE_URL || own
  const secrets = readSecrets(state)
  const urls = databaseUrls({ settings, inherited: environment(), secrets, adminUrl })
  return { productUrl: urls.product, orderUrl: urls.order }
}

/** Without users and passwords. */
const hostsOf = ({ productUrl, orderUrl }: Addresses): string =>
  [...new Set([productUrl, orderUrl].map((url) => new URL(url).host))].join(' and ')

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
