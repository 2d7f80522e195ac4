import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { templateLiteral } from '../sqlc-plugin/layout.ts'
import { refusalsOf } from '../sqlc-plugin/refusals.ts'
import { renderFile, renderQuery } from '../sqlc-plugin/render.ts'
import { type Field, type Parameter, parseRequest, type Query } from '../sqlc-plugin/request.ts'

const folder = 'db/product/queries'
const enums = new Map([['deal_state', ['open', 'closed']]])

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({
  name,
  type,
  notNull: true,
  isArray: false,
  isMacro: false,
  isGuess: false,
  ...more,
})

const parameter = (number: number, name: string, type: string, more = {}): Parameter => ({
  ...field(name, type, more),
  number,
})

const query = (more: Partial<Query> = {}): Query => ({
  name: 'DealGet',
  command: ':one',
  text: 'select id from deals where id = $1',
  file: 'deal_get.sql',
  comments: [],
  columns: [field('id', 'uuid')],
  parameters: [parameter(1, 'id', 'uuid')],
  ...more,
})

const render = (more: Partial<Query> = {}): string => renderQuery(query(more), enums)

const refusals = (more: Partial<Query>): string[] => refusalsOf(query(more), { folder, enums })

/** With a file name outside `gen`, which Biome's configuration excludes. */
const formatted = (input: string): string => {
  const cwd = join(import.meta.dirname, '..', '..')
  const biome = join(cwd, 'node_modules', '.bin', 'biome')
  const args = ['format', '--stdin-file-path=db/test/queries.ts']
  return spawnSync(biome, args, { cwd, input, encoding: 'utf8' }).stdout
}

t.test('a query becomes a statement, a row type and a function', async (t) => {
  t.equal(
    render({
      comments: [' The deal, whatever its state.'],
      columns: [
        field('id', 'uuid'),
        field('deal_price', 'int8'),
        field('closed_at', 'timestamptz', { notNull: false }),
      ],
    }),
    `const dealGetStatement: Statement = {
  name: 'deal_get',
  text: \`-- name: DealGet :one
select id from deals where id = $1\`,
}

export type DealGetRow = { id: string; deal_price: number; closed_at: Date | null }

/** deal_get.sql: The deal, whatever its state. */
export const dealGet = async (
  db: Queryable,
  args: { id: string },
): Promise<DealGetRow | undefined> => {
  const [row] = await db.query<DealGetRow>(dealGetStatement, [args.id])
  return row
}`,
  )
})

t.test('a comment line that begins with `Slow: ` marks a statement as slow', async (t) => {
  t.match(
    render({ comments: [' Slow: counting reads all rows.'] }),
    "'deal_get',\n  isSlow: true,\n",
  )
  for (const comment of [' Not Slow: at all.', ' slow', ' Slower than others.'])
    t.notMatch(render({ comments: [comment] }), 'isSlow', comment)
})

t.test('each command has its result type', async (t) => {
  const one = render({ command: ':one' })
  t.match(one, 'Promise<DealGetRow | undefined> => {\n  const [row] = await db.query<DealGetRow>(')
  t.match(one, '\n  return row\n}')

  const many = render({ command: ':many' })
  t.match(many, 'Promise<DealGetRow[]> => {\n  return db.query<DealGetRow>(')

  const exec = render({ command: ':exec', columns: [] })
  t.match(exec, 'Promise<void> => {\n  await db.query(dealGetStatement, [args.id])\n}')
  t.notMatch(exec, 'Row', 'no row without columns')

  const execrows = render({ command: ':execrows', columns: [] })
  t.match(execrows, 'Promise<number> => {\n  const { count } = await db.query(')
  t.match(execrows, '\n  return count\n}')
})

t.test('a query without parameters takes only the database', async (t) => {
  const text = render({ command: ':many', parameters: [] })
  t.match(text, 'export const dealGet = async (db: Queryable): Promise<DealGetRow[]> => {')
  t.match(text, 'db.query<DealGetRow>(dealGetStatement, [])')
})

const types: Record<string, readonly string[]> = {
  string: ['uuid', 'text', 'varchar', 'citext'],
  number: ['int2', 'int4', 'int8', 'integer', 'bigint', 'bigserial', 'float4', 'float8'],
  boolean: ['bool', 'boolean'],
  Date: ['timestamptz', 'timestamp', 'date'],
  unknown: ['json', 'jsonb'],
  Buffer: ['bytea'],
  DealState: ['deal_state'],
}

for (const [type, names] of Object.entries(types)) {
  for (const name of names) {
    t.test(`${name} is ${type}, as a column and as an argument, alone and in arrays`, async (t) => {
      const argument = type === 'Buffer' ? 'Uint8Array' : type
      t.match(render({ columns: [field('x', name)] }), `Row = { x: ${type} }`)
      t.match(render({ parameters: [parameter(1, 'x', name)] }), `args: { x: ${argument} }`)
      const array = { isArray: true }
      t.match(render({ columns: [field('x', name, array)] }), `Row = { x: ${type}[] }`)
      const text = render({ parameters: [parameter(1, 'x', name, array)] })
      t.match(text, `args: { x: readonly ${argument}[] }`)
    })
  }
}

t.test('nullable columns and parameters have a nullable type', async (t) => {
  const nullable = { notNull: false }
  t.match(render({ columns: [field('x', 'text', nullable)] }), 'Row = { x: string | null }')
  t.match(render({ parameters: [parameter(1, 'x', 'int8', nullable)] }), '{ x: number | null }')
  const array = { notNull: false, isArray: true }
  t.match(render({ columns: [field('x', 'text', array)] }), 'Row = { x: string[] | null }')
  t.match(render({ parameters: [parameter(1, 'x', 'uuid', array)] }), 'readonly string[] | null }')
  t.match(render({ columns: [field('x', 'jsonb', nullable)] }), 'Row = { x: unknown }')
})

t.test('SQL and comments are not changed', async (t) => {
  const text = String.raw`select '\`', '\n', '\${x}', '$1', '\\' from deals`
  // Evaluated like the generated module.
  t.equal(new Function(`return ${templateLiteral(text)}`)(), text)
  t.match(render({ text }), templateLiteral(`-- name: DealGet :one\n${text}`))
  t.match(
    render({ comments: [' Ends */ early?'] }),
    String.raw`/** deal_get.sql: Ends *\/ early? */`,
  )
  t.match(render({ comments: [] }), '/** deal_get.sql */')
  t.match(
    render({ comments: [' First.', ' Second.'] }),
    '/**\n * deal_get.sql:\n * First.\n * Second.\n */\n',
  )
})

t.test('names of statements are the names of queries in snake_case', async (t) => {
  for (const [name, expected] of [
    ['Deal', 'deal'],
    ['DealGetForUpdate', 'deal_get_for_update'],
    ['DealGetURL', 'deal_get_url'],
    ['DealURLGet', 'deal_url_get'],
    ['DealM6Get', 'deal_m6_get'],
  ]) {
    t.match(render({ name: `${name}` }), `name: '${expected}',`)
  }
})

t.test('the output does not depend on the order of the queries', async (t) => {
  const queries = ['B', 'A', 'Ab', 'AB', 'C'].map((name) => query({ name }))
  const text = renderFile({ folder, enums, queries })
  t.equal(renderFile({ folder, enums, queries: queries.toReversed() }), text)
  const names = [...text.matchAll(/name: (\w+) :one/g)].map(([, name]) => name)
  t.same(names, ['A', 'AB', 'Ab', 'B', 'C'])
  t.match(text, /^\/\/ Code generated by sqlc from db\/product\/queries\. DO NOT EDIT\.\n/)
})

t.test('an enum becomes the union of its values', async (t) => {
  const fileWith = (values: string[]): string =>
    renderFile({ folder, enums: new Map([['deal_state', values]]), queries: [query()] })
  t.match(fileWith(['open', 'closed']), "\n\nexport type DealState = 'open' | 'closed'\n\nconst ")
  t.match(fileWith(["it's", 'a\\b']), String.raw`DealState = 'it\'s' | 'a\\b'`)
  const long = fileWith(['x'.repeat(50), 'y'.repeat(50)])
  t.match(long, /\nexport type DealState =\n {2}\| 'x{50}'\n {2}\| 'y{50}'\n\n/)
  t.equal(formatted(long), long)
})

t.test('the formatter does not change generated code', async (t) => {
  const lengths = Array.from({ length: 50 }, (_, index) => index)
  const queries = [':one', ':many', ':exec', ':execrows'].flatMap((command, index) =>
    lengths.flatMap((length) =>
      [0, 1, 3].map((fields) =>
        queryOfSize({ name: `Q${index}a${fields}`, length, command, fields }),
      ),
    ),
  )
  const text = renderFile({ folder, enums, queries })
  t.equal(formatted(text), text)
})

type Size = { name: string; command: string; length: number; fields: number }

const queryOfSize = ({ name, command, length, fields }: Size): Query => {
  const columns = ['first', 'second', 'third'].map((column) =>
    field(column.padEnd(length, 'x'), 'int8'),
  )
  const parameters = columns.slice(0, fields).map((item, at) => ({ ...item, number: at + 1 }))
  return query({ name: name.padEnd(length, 'x'), command, columns, parameters })
}

t.test(
  'a query that cannot be generated is rejected with a message that says what to do',
  async (t) => {
    const start = 'db/product/queries/deal_get.sql: DealGet: '
    const refused = (more: Partial<Query>, sentence: string): void => {
      t.same(refusals(more), [start + sentence])
    }
    t.same(refusals({}), [])
    refused(
      { command: ':copyfrom' },
      'the command :copyfrom is not supported; use one of :one, :many, :exec, :execrows.',
    )
    refused(
      { columns: [field('lap', 'interval')] },
      'the column “lap” has the type interval, which has no TypeScript type; cast it.',
    )
    refused(
      { columns: [field('more', 'int', { isGuess: true })] },
      'sqlc cannot tell the type of the column “more”; cast it: (…)::bigint as more.',
    )
    refused({ columns: [field('', 'int8')] }, 'the column “” needs a snake_case alias: … as total.')
    refused(
      { columns: [field('id', 'uuid'), field('id', 'uuid')] },
      'two columns are called “id”; give one an alias.',
    )
    refused(
      { columns: [field('deals', '', { isMacro: true })] },
      'sqlc.embed(…) is not supported; list the columns.',
    )
    refused(
      { parameters: [parameter(1, '', 'int8')] },
      '$1 needs a snake_case name; write sqlc.arg(name).',
    )
    refused(
      { parameters: [parameter(1, 'price', 'int8'), parameter(2, 'price', 'int8')] },
      'two parameters are called “price”; name them with sqlc.arg(…).',
    )
    refused(
      { parameters: [parameter(1, 'amount', 'numeric')] },
      'the parameter “amount” has the type numeric, which has no TypeScript type; cast it.',
    )
    refused(
      { parameters: [parameter(1, 'ids', 'uuid', { isMacro: true })] },
      'sqlc.slice(ids) is not supported; write any(sqlc.arg(ids)::uuid[]).',
    )
    refused(
      {
        text: 'select id from deals where id = any($1)',
        parameters: [parameter(1, 'ids', 'uuid')],
      },
      'the parameter “ids” is an array; say of what: any(sqlc.arg(ids)::uuid[]).',
    )
    t.same(refusals({ name: 'deal_get' }), [
      'db/product/queries/deal_get.sql: deal_get: the name must be in PascalCase, like DealGet.',
    ])
  },
)

t.test('a column that is not read needs no type', async (t) => {
  t.same(refusals({ command: ':exec', columns: [field('pg_advisory_xact_lock', 'void')] }), [])
})

t.test('all problems are reported together', async (t) => {
  const columns = [field('a', 'interval'), field('b', 'point')]
  t.equal(refusals({ columns, command: ':many', parameters: [parameter(1, '', 'x')] }).length, 3)
})

const message = (column: object, params: object[] = []): object => ({
  settings: { queries: ['product/queries'] },
  catalog: {
    schemas: [{ enums: [{ name: 'deal_state', vals: ['open', 'closed'] }] }, { enums: null }],
  },
  queries: [
    {
      name: 'DealGet',
      cmd: ':one',
      text: 'select 1',
      filename: 'deal_get.sql',
      comments: null,
      columns: [column],
      params,
    },
  ],
})

t.test('the request of sqlc is parsed', async (t) => {
  const type = { schema: 'pg_catalog', name: 'int4' }
  const column = { name: 'units', type, not_null: true, is_array: true, embed_table: null }
  const named = { name: 'units', type: { schema: '', name: 'pg_catalog.int4' } }
  const params = [2, 1].map((number) => ({ number, column: named }))
  const request = parseRequest(message(column, params))
  t.equal(request.folder, folder)
  t.same(request.enums, enums)
  const [read] = request.queries
  t.same(read?.columns, [field('units', 'int4', { isArray: true })])
  t.same(read?.comments, [])
  t.same(
    read?.parameters,
    [1, 2].map((number) => parameter(number, 'units', 'int4', { notNull: false })),
    'in the order of their numbers',
  )
})

t.test('arithmetic is distinguished from a cast', async (t) => {
  const isGuess = (schema: string, name: string): boolean | undefined =>
    parseRequest(message({ name: 'x', type: { schema, name } })).queries[0]?.columns[0]?.isGuess
  t.equal(isGuess('', 'int'), true)
  t.equal(isGuess('pg_catalog', 'int4'), false)
  t.equal(isGuess('', 'bigint'), false)
})

t.test('a request of another format is rejected', async (t) => {
  t.throws(() => parseRequest([]), { message: unusable('settings') })
  t.throws(() => parseRequest(message({ name: 1, type: { name: 'text' } })), {
    message: unusable('column.name'),
  })
})

const unusable = (what: string): string =>
  `sqlc sent no usable ${what}. Use the sqlc version that db/sqlc/find-sqlc.ts pins.`
