import { environment } from '@flash-deal/config'
import postgres from 'postgres'
import t from 'tap'
import { dropDatabase, migrate, roleUrl } from '../migrate.ts'

const adminUrl = environment().TEST_DATABASE_URL ?? ''
const database = `roles_${process.pid}`

/** Role → its schema. */
const schemas = { auth_service: 'auth', product_service: 'product', order_service: 'orders' }
const roles = Object.keys(schemas) as (keyof typeof schemas)[]

const connect = (url: string) => postgres(url, { max: 1, onnotice: () => {} })

const adminOf = (name: string): string =>
  Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href

await migrate({ adminUrl, database })
t.teardown(() => dropDatabase(adminUrl, database))

const tablesOf = async (schema: string): Promise<string[]> => {
  const sql = connect(adminOf(database))
  const rows = await sql`select tablename from pg_tables where schemaname = ${schema}`
  await sql.end()
  return rows.map(({ tablename }) => `${schema}.${tablename}`)
}

for (const role of roles) {
  t.test(`${role} cannot access any table of the other services`, async (t) => {
    const sql = connect(roleUrl(role, { adminUrl, database }))
    t.teardown(() => sql.end())
    for (const other of roles.filter((each) => each !== role)) {
      const tables = await tablesOf(schemas[other])
      t.ok(tables.length > 1, `${schemas[other]} has tables`)
      for (const table of tables) {
        await t.rejects(sql`select from ${sql(table)}`, { code: '42501' }, `select from ${table}`)
        await t.rejects(sql`delete from ${sql(table)}`, { code: '42501' }, `delete from ${table}`)
      }
    }
  })

  t.test(
    `${role} can read and write its own tables, and cannot change their structure`,
    async (t) => {
      const sql = connect(roleUrl(role, { adminUrl, database }))
      t.teardown(() => sql.end())
      const migrations = `${schemas[role]}.schema_migrations`
      for (const table of await tablesOf(schemas[role])) {
        if (table === migrations) await t.rejects(sql`select from ${sql(table)}`, { code: '42501' })
        else await t.resolves(sql`select from ${sql(table)}`, `select from ${table}`)
        await t.rejects(sql`truncate ${sql(table)}`, { code: '42501' }, `truncate ${table}`)
        await t.rejects(sql`drop table ${sql(table)}`, { code: '42501' }, `drop ${table}`)
      }
      await t.rejects(sql`create table own_idea (id int)`, { code: '42501' })
      await t.rejects(sql`create table public.own_idea (id int)`, { code: '42501' })
      await t.rejects(sql`create schema own_idea`, { code: '42501' })
    },
  )
}

t.test('repeated and concurrent migrations change nothing', async (t) => {
  const again = () => migrate({ adminUrl, database })
  await t.resolves(Promise.all([again(), again(), again()]))
})

t.test('unqualified names of a service resolve to its own schema', async (t) => {
  const sql = connect(adminOf(database))
  t.teardown(() => sql.end())
  const rows = await sql`select setrole::regrole::text as role, setconfig[1] as setting
    from pg_db_role_setting join pg_database on pg_database.oid = setdatabase
    where datname = ${database}`
  const found = Object.fromEntries(rows.map(({ role, setting }) => [role, setting]))
  for (const role of roles) t.equal(found[role], `search_path=${schemas[role]}`)
})

t.test('the error for an unreachable server does not contain the password', async (t) => {
  const away = migrate({
    adminUrl: 'postgres://me:secret@127.0.0.1:1/x',
    database,
  })
  const error = await away.catch((reason: Error) => reason)
  t.match(error, {
    name: 'MigrateError',
    message: /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
  })
  t.notMatch(String(error), /secret/)
})
