import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import postgres from 'postgres'
import t from 'tap'
import { connect, urlOf } from '../connect.ts'
import { dropDatabase, roleUrl } from '../migrate.ts'
import { setPassword } from '../rights.ts'

/** `npm run migrate` with unrelated variables in the environment and in `.env`. */

const adminUrl = environment().TEST_DATABASE_URL ?? ''
const database = `hostile_${process.pid}`
t.teardown(() => dropDatabase(adminUrl, database))

/** Roles belong to the whole server, so they keep the passwords that all tests use. */
const own = {
  PATH: environment().PATH ?? '',
  DATABASE_URL: adminUrl,
  DATABASE_NAME: database,
  AUTH_DATABASE_URL: roleUrl('auth_service', { adminUrl, database }),
  PRODUCT_DATABASE_URL: roleUrl('product_service', { adminUrl, database }),
  ORDER_DATABASE_URL: roleUrl('order_service', { adminUrl, database }),
}

const migrateIn = async (cwd: string, env: Record<string, string>) => {
  const program = join(import.meta.dirname, '../migrate.ts')
  const child = spawn(process.execPath, [program], { cwd, env: { ...own, ...env } })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  const [code, out, error] = await Promise.all([promise, text(child.stdout), text(child.stderr)])
  return { code, out, error }
}

/** Each of these variables alone would break dbmate or postgres.js. */
const shell = {
  PGHOST: 'nowhere.invalid',
  PGHOSTADDR: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'wrong',
  PGDATABASE: 'nowhere',
  PGSERVICE: 'nowhere',
  PGSERVICEFILE: '/nowhere',
  PGSYSCONFDIR: '/nowhere',
  PGPASSFILE: '/nowhere',
  PGDATESTYLE: 'nonsense',
  PGCLIENTENCODING: 'latin1',
  PGOPTIONS: '-c nonsense=1',
  PGTARGETSESSIONATTRS: 'standby',
  PGSSL: 'require',
  PGSSLMODE: 'verify-full',
  PGMAX: '0',
  DBMATE_MIGRATIONS_DIR: '/nowhere',
  DBMATE_STRICT: 'true',
  DBMATE_WAIT: 'true',
}

/** Lines that dbmate rejects or parses differently. */
const envFile = [
  '\uFEFFINTERNAL_KEY=neighbour-1',
  'my-app-name=neighbour-2',
  'JWT_PRIVATE_KEY=-----BEGIN PRIVATE KEY-----',
  'bmVpZ2hib3VyLTM=',
  '-----END PRIVATE KEY-----',
  'LOG_LEVEL: neighbour-4',
  'DATABASE_URL=postgres://neighbour-5@nowhere.invalid/x',
  'UNTERMINATED="neighbour-6',
].join('\n')

t.test('PG variables and .env of the user do not affect migrations', async (t) => {
  const { code, out, error } = await migrateIn(t.testdir({ '.env': envFile }), shell)
  t.strictSame([code, error], [0, ''])
  t.equal(out, `The database ${database} is up to date.\n`)
})

t.test('the error for a rejected password does not contain the password', async (t) => {
  const wrong = Object.assign(new URL(adminUrl), { password: 's3%25cret' })
  const { code, error } = await migrateIn(t.testdir({}), { DATABASE_URL: wrong.href })
  t.equal(
    error,
    `PostgreSQL at ${wrong.host} rejects the login of ${wrong.username}. Set the correct user and password in DATABASE_URL.\n`,
  )
  t.equal(code, 1)
})

t.test('the password of a role may contain any character', async (t) => {
  const role = `hostile_role_${process.pid}`
  const server = connect(urlOf(adminUrl, 'postgres'))
  t.teardown(async () => {
    await server`drop role ${server(role)}`
    await server.end()
  })
  await server`create role ${server(role)} login`
  const password = '100% %41 "a\'b\\ #/?@:ü'
  // The second call only checks the password.
  for (const url of [adminUrl, adminUrl]) await setPassword(server, url, role, password)
  const login = Object.assign(new URL(adminUrl), {
    username: role,
    password: encodeURIComponent(password),
  })
  const sql = postgres(login.href, { max: 1 })
  const [row] = await sql`select current_user as name`
  await sql.end()
  t.equal(row?.name, role)
})
