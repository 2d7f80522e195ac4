import './env-file.ts'
import { parseArgs } from 'node:util'
import { readSettings, type Settings } from '@flash-deal/config'
import { checkAddress } from '@flash-deal/sql'
import { wholeNumber } from './option-number.ts'
import { stateFolder } from './paths.ts'
import { codeOf, PlainError, sentenceOf } from './plain-error.ts'
import { readSecrets } from './secrets.ts'
import { type Amounts, type Progress, seededEmail, seededPassword, seedMany } from './seed-many.ts'
import { isRunning } from './state-folder.ts'

/** `npm run seed`: adds generated data of any size to the running system. */

const usage = `Usage: npm run seed [-- options]
Adds users, products, deals and orders to the system of make run, or to DATABASE_URL.
  --products 1000000  how many of them; a hundredth of it is the number of deals
  --orders 1000000    with what they reserved
  --users 5000        a tenth of them sell, all of them buy
  --seed 7            the same seed and numbers make the same rows`

const main = async (): Promise<void> => {
  const amounts = readArguments()
  if (amounts === 'help') return console.log(usage)
  const adminUrl = addressOf(readSettings('local'))
  const { products, orders, users, seed } = amounts
  console.log(
    `Adding ${spelled(products)} products, ${spelled(orders)} orders and ${spelled(users)} users of seed ${seed} …`,
  )
  await fill(adminUrl, amounts)
  console.log(
    `Done after ${Math.round(performance.now() / 1_000)} s. A cached product list shows the new products within a minute.`,
  )
  console.log(
    `${seededEmail(seed, 1)} and the others log in with the password ${seededPassword}; all share one hash, which is for demos only.`,
  )
}

const spelled = (count: number): string => count.toLocaleString('en-US')

const readArguments = (): Amounts | 'help' => {
  const values = parsed()
  if (values.help) return 'help'
  return {
    products: wholeNumber('products', values.products, 1, 10_000_000),
    orders: wholeNumber('orders', values.orders, 0, 10_000_000),
    users: wholeNumber('users', values.users, 1, 1_000_000),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 31 - 1),
  }
}

const parsed = () => {
  try {
    const number = { type: 'string', default: '1000000' } as const
    return parseArgs({
      options: {
        products: number,
        orders: number,
        users: { type: 'string', default: '5000' },
        seed: { type: 'string', default: '7' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    // The first sentence names the option; the rest of the advice does not apply here.
    throw new PlainError(`${(error as Error).message.split('.')[0]}.\n${usage}`)
  }
}

/** The services' database, with its owner's role. */
const addressOf = (settings: Settings<'local'>): string => {
  const url = new URL(settings.DATABASE_URL ? checked(settings.DATABASE_URL) : runsAt(settings))
  url.pathname = `/${encodeURIComponent(settings.DATABASE_NAME)}`
  return url.href
}

const checked = (address: string): string => {
  checkAddress(address)
  return address
}

const runsAt = (settings: Settings<'local'>): string => {
  const state = stateFolder(settings)
  if (!isRunning(state)) {
    throw new PlainError(
      `No system is running with the state folder ${state}. Start it with make run, or set DATABASE_URL.`,
    )
  }
  const { POSTGRES_PASSWORD } = readSecrets(state)
  return `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${settings.POSTGRES_PORT}`
}

const fill = async (adminUrl: string, amounts: Amounts): Promise<void> => {
  try {
    await seedMany({ adminUrl, ...amounts, onProgress: progressBar() })
  } catch (error) {
    // Errors of PostgreSQL and of the network have a code. An error without a code is a bug.
    if ((error as { code?: unknown }).code === undefined) throw error
    throw new PlainError(`Nothing was added to ${placeOf(adminUrl)}. ${adviceFor(codeOf(error))}`)
  }
}

/** Without user and password. */
const placeOf = (adminUrl: string): string => {
  const { host, pathname } = new URL(adminUrl)
  return host + pathname
}

const adviceFor = (code: string): string => {
  if (['3D000', '3F000', '42P01'].includes(code)) {
    return 'Its tables do not exist. Run npm run migrate first.'
  }
  if (code === '42501')
    return 'This role does not own the tables; DATABASE_URL needs one that does.'
  return `The database cannot be reached or written (${code}).`
}

/** Progress: one updating line on a terminal, otherwise a line per 10 %. */
const progressBar = (): ((progress: Progress) => void) => {
  let reportedPercent = 0
  return ({ done, of }) => {
    const percent = Math.floor((100 * done) / of)
    const line = `${percent} % of the rows, ${Math.round(performance.now() / 1_000)} s`
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === of ? '\n' : ''}`)
    else if (percent >= reportedPercent + 10) console.log(line)
    if (percent >= reportedPercent + 10) reportedPercent = percent
  }
}

try {
  await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
