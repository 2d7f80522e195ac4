import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'
import { eventKinds } from '../events/index.ts'
import {
  dereference,
  documents,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  operationsOf,
  serviceNames,
} from '../index.ts'

type Example = { where: string; schema: JsonSchema; value: unknown }
type Json = { readonly [key: string]: unknown }

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true })
// The package's types describe its CommonJS shape, where the function is the default export.
addFormats.default(ajv)

const compiled = new Map<JsonSchema, ValidateFunction>()

const validatorOf = (schema: JsonSchema): ValidateFunction => {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  return validate
}

const complaintsAbout = ({ where, schema, value }: Example): string[] => {
  const validate = validatorOf(schema)
  return validate(value) ? [] : [`${where}: ${ajv.errorsText(validate.errors)}`]
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object of a tree with its path. */
const objectsIn = (node: unknown, where: string): [string, Json][] => {
  if (typeof node !== 'object' || node === null) return []
  const below = Object.entries(node).flatMap(([key, value]) => objectsIn(value, `${where}/${key}`))
  return isObject(node) ? [[where, node], ...below] : below
}

/** A schema has a list of examples; a body, parameter or header has a map of them. */
const examplesOf = ([where, node]: [string, Json]): Example[] => {
  const { examples, schema } = node
  if (Array.isArray(examples)) return examples.map((value) => ({ where, schema: node, value }))
  if (!isObject(examples) || !isObject(schema)) return []
  return Object.entries(examples).map(([name, example]) => ({
    where: `${where}/examples/${name}`,
    schema,
    value: isObject(example) ? example.value : undefined,
  }))
}

const mergedYaml = readFileSync(new URL('../gen/openapi.yaml', import.meta.url), 'utf8')
const merged: OpenApiDocument = parse(mergedYaml)

const everyDocument = [
  ...serviceNames.map((name) => [name, documents[name]] as const),
  ['openapi', merged] as const,
]
const everyOperation = serviceNames.flatMap((name) => operationsOf(documents[name]))
const everyExample = everyDocument.flatMap(([name, document]) =>
  objectsIn(dereference(document), name).flatMap(examplesOf),
)

const named = ({ operationId, method, path }: Operation) => `${operationId}: ${method} ${path}`

const isPublic = (service: string, { internal, operationId }: Operation): boolean =>
  !internal && (service === 'gateway' || !['health', 'ready'].includes(operationId))

/** The statuses that an operation must declare, by its kind. */
const statusesDueFor = ({ internal, secured, parameters, requestBody }: Operation): string[] => [
  ...['500', '503', '504'],
  ...(internal ? [] : ['429']),
  ...(secured === 'public' ? [] : ['401']),
  ...(requestBody ? ['400', '413', '415'] : []),
  ...(parameters.some((each) => each.in === 'query') ? ['400'] : []),
  ...(requestBody || parameters.length > 0 ? ['422'] : []),
]

t.test(
  'the merged document has the public operations of all contracts and no others',
  async (t) => {
    const expected = serviceNames.flatMap((name) =>
      operationsOf(documents[name]).filter((operation) => isPublic(name, operation)),
    )
    const mergedOperations = operationsOf(merged)
    t.same(mergedOperations.map(named).sort(), expected.map(named).sort())
    t.notMatch(mergedYaml, /\/internal|internalKey|INTERNAL_KEY/)
  },
)

t.test('every example is valid against its schema', async (t) => {
  t.ok(everyExample.length > 100, `${everyExample.length} examples`)
  t.same(everyExample.flatMap(complaintsAbout), [])
})

t.test('every request body and response has an example', async (t) => {
  const contents = everyOperation.flatMap((operation) =>
    [operation.requestBody, ...Object.values(operation.responses)].map((part) => ({
      of: named(operation),
      examples: Object.values(part?.content ?? {}).flatMap((each) =>
        Object.keys(each.examples ?? {}),
      ),
      isDue: part !== undefined,
    })),
  )
  t.same(
    contents.filter(({ isDue, examples }) => isDue && examples.length === 0).map(({ of }) => of),
    [],
  )
})

/** Codes of errors that are sent before the operation is known, so no operation declares them. */
const ofAnyRequest = ['METHOD_NOT_ALLOWED', 'HEADERS_TOO_LARGE', 'EXPECTATION_FAILED']

t.test('every error example has a code of the catalogue in the error envelope', async (t) => {
  const schema = dereference(documents.auth).components.schemas?.Error
  const codes = documents.auth.components.schemas?.ErrorCode
  if (!isObject(schema) || !isObject(codes) || !Array.isArray(codes.enum)) {
    throw new Error('The contract has no Error schema.')
  }
  const errors = everyExample.filter(({ where }) => /responses\/[45]\d\d\/content/.test(where))
  t.ok(errors.length > 100, `${errors.length} error examples`)
  t.same(errors.map((example) => ({ ...example, schema })).flatMap(complaintsAbout), [])
  const used = errors.flatMap(({ value }) => (isObject(value) ? [value.error] : []))
  t.same(new Set([...used, ...ofAnyRequest]), new Set(codes.enum))
})

t.test('every operation declares the statuses that its kind of operation can return', async (t) => {
  const missing = everyOperation.flatMap((operation) =>
    statusesDueFor(operation)
      .filter((status) => !Object.hasOwn(operation.responses, status))
      .map((status) => `${named(operation)} ${status}`),
  )
  t.same(missing, [])
})

t.test('internal operations require the internal key, and no others do', async (t) => {
  const odd = everyOperation.filter(
    ({ internal, secured, path }) =>
      (secured === 'internal') !== internal || path.startsWith('/internal/') !== internal,
  )
  t.same(odd.map(named), [])
})

t.test('no body accepts an undeclared field', async (t) => {
  const open = everyOperation
    .flatMap(({ operationId, requestBody }) => objectsIn(requestBody, operationId))
    .filter(([, node]) => isObject(node.properties) && node.additionalProperties !== false)
  t.same(open, [])
})

t.test('free text accepts all characters except NUL and lone surrogates', async (t) => {
  const schema = everyOperation.find(({ operationId }) => operationId === 'cancelOrder')
    ?.requestBody?.content['application/json']?.schema
  if (!schema) throw new Error('cancelOrder has no body.')
  const isValid = (reason: unknown) => validatorOf(schema)({ reason })
  for (const reason of ['', '착오 주문', '🎧', 'two\nlines', null]) t.ok(isValid(reason))
  for (const reason of ['a\0b', 'a\uD83C', '\uDFA7b', 'x'.repeat(501)]) t.notOk(isValid(reason))
})

t.test('every schema can be compiled in strict mode', async (t) => {
  const schemas = everyDocument.flatMap(([name, document]) =>
    Object.entries(dereference(document).components.schemas ?? {}).map(
      ([key, schema]) => [`${name} ${key}`, schema] as const,
    ),
  )
  for (const [name, schema] of schemas) {
    if (isObject(schema)) t.doesNotThrow(() => validatorOf(schema), name)
    else t.fail(`${name} is no schema`)
  }
})

t.test('every schema of an event can be compiled', async (t) => {
  const ofEvents = addFormats.default(new Ajv2020({ strict: true }))
  for (const [type, { schema }] of Object.entries(eventKinds)) {
    t.type(ofEvents.compile(schema), 'function', type)
  }
})
