import type { Sql } from 'postgres'
import { connect } from './connect.ts'
import type { Role } from './role-url.ts'
import { scramVerifier } from './scram.ts'

/** Roles and grants: one login role and one schema per service, without access to the others'. */

export const services = [
  { name: 'auth', schema: 'auth', role: 'auth_service' },
  { name: 'product', schema: 'product', role: 'product_service' },
  { name: 'order', schema: 'orders', role: 'order_service' },
] as const satisfies { name: string; schema: string; role: Role }[]

export type Service = (typeof services)[number]

export const createRole = async (server: Sql, role: string): Promise<void> => {
  const rows = await server`select from pg_roles where rolname = ${role}`
  if (rows.length === 0) await server`create role ${server(role)} login nocreatedb nocreaterole`
}

/** Grants `connect` and sets the search paths. Works from any database of the server. */
export const openDatabase = async (server: Sql, database: string): Promise<void> => {
  const name = server(database)
  await server`revoke all on database ${name} from public`
  for (const { role, schema } of services) {
    await server`grant connect on database ${name} to ${server(role)}`
    await server`alter role ${server(role)} in database ${name} set search_path = ${server(schema)}`
  }
}

/** Creates a schema for each service, without access for the others. */
export const openSchemas = async (sql: Sql): Promise<void> => {
  await sql`revoke all on schema public from public`
  for (const service of services) await openOwnSchema(sql, service)
}

/** Default privileges: the service can read and write what later migrations create, nothing else. */
const openOwnSchema = async (sql: Sql, service: Service): Promise<void> => {
  const schema = sql(service.schema)
  const role = sql(service.role)
  await sql`create schema if not exists ${schema}`
  await sql`grant usage on schema ${schema} to ${role}`
  await sql`alter default privileges in schema ${schema}
    grant select, insert, update, delete on tables to ${role}`
  await sql`alter default privileges in schema ${schema} grant usage on sequences to ${role}`
}

/** Sets the password only if it differs, because another copy of the system may be using the role. */
export const setPassword = async (
  sql: Sql,
  url: string,
  role: string,
  password: string,
): Promise<void> => {
  if (await canLogIn(url, role, password)) return
  const [row] = await sql<{ scram_iterations: string }[]>`show scram_iterations`
  const verifier = scramVerifier(password, Number(row?.scram_iterations))
  // `alter role` takes no parameters. A verifier contains no quotes and does not reveal the password.
  await sql.unsafe(`alter role ${role} password '${verifier}'`)
}

const canLogIn = async (url: string, role: string, password: string): Promise<boolean> => {
  const own = new URL(url)
  own.username = role
  // The setter does not encode %.
  own.password = encodeURIComponent(password)
  const sql = connect(own.href)
  try {
    await sql`select 1`
    return true
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('28')) return false
    throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const bounds = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']

/**
 * Sets the timeouts of a service's role in this database, for services that cannot set them because of
 * a pooler; resets them if `timeoutMs` is undefined. It applies to new connections, including those
 * of a pooler.
 */
export const boundStatements = async (
  sql: Sql,
  database: string,
  { role }: Service,
  timeoutMs: number | undefined,
): Promise<void> => {
  for (const name of bounds) {
    const to =
      timeoutMs === undefined
        ? sql`reset ${sql(name)}`
        : sql`set ${sql(name)} to ${sql.unsafe(String(timeoutMs))}`
    await sql`alter role ${sql(role)} in database ${sql(database)} ${to}`
  }
}

export const hideMigrations = async (sql: Sql, { schema, role }: Service): Promise<void> => {
  await sql`revoke all on ${sql(`${schema}.schema_migrations`)} from ${sql(role)}`
}
