import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hashInputs } from '../sqlc/inputs-hash.ts'
import { readOutputs, staleOutputs, writeOutputs } from '../sqlc/outputs.ts'

const inputs = {
  'sqlc.yaml': 'version: 2',
  'sqlc-plugin.ts': 'main()',
  'sqlc-plugin': { 'render.ts': 'one' },
  auth: {
    migrations: { '1_users.sql': 'create table users ();' },
    queries: { 'user_get.sql': 'select 1;' },
  },
}

t.test('the hash changes with the SQL, its settings and the generator', async (t) => {
  const { auth } = inputs
  const hash = hashInputs(t.testdir(inputs))
  t.match(hash, /^[0-9a-f]{64}\n$/)
  for (const changed of [
    { 'sqlc.yaml': 'version: 3' },
    { 'sqlc-plugin': { 'render.ts': 'two' } },
    { auth: { ...auth, migrations: { '1_users.sql': 'create table people ();' } } },
    { auth: { ...auth, migrations: { '2_users.sql': 'create table users ();' } } },
    { auth: { ...auth, queries: {} } },
  ]) {
    t.not(hashInputs(t.testdir({ ...inputs, ...changed })), hash, Object.keys(changed).join())
  }
})

t.test('the hash does not change with generated files', async (t) => {
  const hash = hashInputs(t.testdir(inputs))
  const more = { 'migrate.ts': '', 'sqlc.sha256': hash }
  t.equal(hashInputs(t.testdir({ ...inputs, ...more })), hash)
})

t.test('missing, changed and obsolete files are stale', async (t) => {
  const fresh = new Map([
    ['same', '1'],
    ['changed', '1'],
    ['missing', '1'],
  ])
  const committed = new Map([
    ['same', '1'],
    ['changed', '2'],
    ['left-over', '1'],
  ])
  t.same(staleOutputs(fresh, committed), ['changed', 'missing', 'left-over'])
  t.same(staleOutputs(fresh, fresh), [])
})

t.test('after writing no file is stale, and other files are unchanged', async (t) => {
  const root = t.testdir({
    apps: {
      auth: { src: { gen: { 'queries.ts': 'old', 'contract.ts': 'not mine' } } },
      gone: { src: { gen: { 'queries.ts': 'old' } } },
      'auth-go': {
        internal: { queries: { 'gone.sql.go': 'old' }, keys: { 'keys.go': 'not mine' } },
      },
    },
    db: { 'sqlc.yaml': 'version: 2' },
  })
  const fresh = new Map([
    ['apps/auth/src/gen/queries.ts', 'new'],
    ['apps/auth-go/internal/queries/user_get.sql.go', 'new'],
    ['db/sqlc.sha256', 'new'],
  ])
  writeOutputs(root, fresh, staleOutputs(fresh, readOutputs(root)))
  t.same(staleOutputs(fresh, readOutputs(root)), [])
  t.notOk(existsSync(join(root, 'apps/gone/src/gen/queries.ts')))
  t.notOk(existsSync(join(root, 'apps/auth-go/internal/queries/gone.sql.go')))
  t.equal(readFileSync(join(root, 'apps/auth-go/internal/keys/keys.go'), 'utf8'), 'not mine')
  t.equal(readFileSync(join(root, 'apps/auth/src/gen/contract.ts'), 'utf8'), 'not mine')
  t.equal(readFileSync(join(root, 'db/sqlc.yaml'), 'utf8'), 'version: 2')
})
