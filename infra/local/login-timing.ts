import './env-file.ts'
import { randomBytes, randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readSettings } from '@flash-deal/config'
import { createClient } from './api-client.ts'
import { wholeNumber } from './option-number.ts'
import { PlainError, sentenceOf } from './plain-error.ts'

/** Measures whether the duration of a failed log-in reveals that a user exists: both kinds in random order. */

const usage = `Usage: node infra/local/login-timing.ts [--url URL] [--rounds N]
Measures failed log-ins with known and unknown emails against the system of
make run or the gateway at --url, N of each (300), sequentially. Exits with 1 if the
medians differ by more than 10 %.`

const toleratedShare = 0.1

type Kind = 'known' | 'unknown'

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: `http://127.0.0.1:${readSettings('local').GATEWAY_PORT}` },
      rounds: { type: 'string', default: '300' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const rounds = wholeNumber('rounds', values.rounds, 1)
  const { known, unknown } = await measured(values.url, rounds)
  const ratio = medianOf(unknown) / medianOf(known)
  const rows = { 'wrong password': medianOf(known), 'unknown email': medianOf(unknown) }
  for (const [name, ms] of Object.entries(rows)) console.log(`${name}  median ${ms.toFixed(2)} ms`)
  console.log(`ratio ${ratio.toFixed(3)}, of ${rounds} log-ins each`)
  return Math.abs(ratio - 1) <= toleratedShare ? 0 : 1
}

/** Durations of the log-ins in milliseconds, by kind. */
const measured = async (url: string, rounds: number): Promise<Record<Kind, number[]>> => {
  const login = await loginAt(url)
  const taken: Record<Kind, number[]> = { known: [], unknown: [] }
  const warmUp: Kind[] = ['known', 'unknown', 'known', 'unknown']
  for (const kind of warmUp) await login(kind)
  for (const kind of shuffled(rounds)) {
    const begin = performance.now()
    await login(kind)
    taken[kind].push(performance.now() - begin)
  }
  return taken
}

/** A log-in with a wrong password, for an account created here or for an unknown email. */
const loginAt = async (url: string) => {
  const api = createClient(url)
  const email = newEmail()
  const password = randomBytes(12).toString('hex')
  await api('/auth/register', { body: { email, password, name: 'Timing' } })
  return async (kind: Kind): Promise<void> => {
    const body = { email: kind === 'known' ? email : newEmail(), password: `${password}x` }
    const { status } = await api('/auth/login', { body, expect: [401] })
    if (status !== 401) throw new PlainError(`${url} accepted a wrong password.`)
  }
}

/** Emails have one length, so that only the existence of the account differs. */
const newEmail = (): string => `${randomUUID()}@example.com`

/** Each kind `rounds` times, in random order. */
const shuffled = (rounds: number): Kind[] =>
  Array.from({ length: 2 * rounds }, (_, index) => ({
    kind: index % 2 === 0 ? ('known' as const) : ('unknown' as const),
    rank: Math.random(),
  }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ kind }) => kind)

const medianOf = (values: number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
