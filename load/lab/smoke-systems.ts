import { type Environment, scenarioIds, scenarioOf } from '@flash-deal/config'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { flagsOf } from './arm-state.ts'
import { alwaysOn } from './header.ts'
import { quiet, services } from './lab-system.ts'
import type { Subject } from './subjects/subject.ts'

/** The running system that the smoke tests of several subjects use one after another. */

export type SmokeSystems = {
  /** The system without the previous subject's data. Starts another one if the database must differ. */
  cleanFor(subject: Subject): Promise<Stack>
  end(): Promise<void>
}

export const smokeSystems = (abort: AbortSignal): SmokeSystems => {
  let open: { flags: string; stack: Stack } | undefined
  const end = async (): Promise<void> => {
    await open?.stack.end()
    open = undefined
  }
  const cleanFor = async (subject: Subject): Promise<Stack> => {
    const settings = databaseFlagsOf(subject)
    const flags = JSON.stringify(settings)
    if (open?.flags === flags) return cleaned(open.stack)
    await end()
    open = { flags, stack: await startStack({ abort, settings: { ...quiet, ...settings } }) }
    return open.stack
  }
  return { cleanFor, end }
}

/** The migrator applies these, so all arms share them. */
export const databaseFlagsOf = (subject: Pick<Subject, 'id'>): Environment => {
  const flags = Object.entries(alwaysOn(subject))
  return flagsOf(Object.fromEntries(flags.filter(([id]) => inDatabase.has(id))))
}

const inDatabase: ReadonlySet<string> = new Set(
  scenarioIds.filter((id) => scenarioOf(id).seam === 'data'),
)

const cleaned = async (stack: Stack): Promise<Stack> => {
  await Promise.all([emptyDatabase(stack), emptyValkey(stack)])
  // Order needs product, and the gateway needs all of them.
  for (const name of services.toReversed()) {
    if (stack.supervisor.pid(name) === undefined) await stack.restart(name)
  }
  return stack
}

const emptyDatabase = async ({ adminUrl }: Stack): Promise<void> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name
      from pg_tables
      where schemaname in ('auth', 'product', 'orders') and tablename <> 'schema_migrations'`
    await sql.unsafe(`truncate ${tables.map(({ name }) => name).join()}`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const emptyValkey = async ({ settings }: Stack): Promise<void> => {
  const redis = new Redis(`redis://127.0.0.1:${settings.VALKEY_PORT}`)
  try {
    await redis.flushall()
  } finally {
    redis.disconnect()
  }
}
