import { documents, operationsOf, serviceNames } from '@flash-deal/contracts'
import { catalogue } from '@flash-deal/errors'
import t from 'tap'

/** The value at a path of names; undefined if a part of the path is missing. */
const at = (node: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    node,
  )

for (const name of serviceNames) {
  t.test(`the catalogue has exactly the codes of the contract of ${name}`, async (t) => {
    const codes = at(documents[name].components.schemas, 'ErrorCode', 'enum')
    t.ok(Array.isArray(codes))
    t.strictSame(new Set(Object.keys(catalogue)), new Set(Array.isArray(codes) ? codes : []))
  })
}

t.test('each error example of a contract has the status of the catalogue', async (t) => {
  const statusOf = new Map(Object.entries(catalogue).map(([code, { status }]) => [code, status]))
  const shown = serviceNames
    .flatMap((name) => operationsOf(documents[name]))
    .flatMap(({ operationId, responses }) =>
      Object.entries(responses).flatMap(([status, response]) => {
        const examples = at(response, 'content', 'application/json', 'examples')
        const codes = Object.values(examples ?? {}).map((example) => at(example, 'value', 'error'))
        return codes.filter(Boolean).map((code) => ({ operationId, code, status: Number(status) }))
      }),
    )
  t.ok(shown.length > 100, `${shown.length} examples`)
  t.strictSame(
    shown.filter(({ code, status }) => statusOf.get(String(code)) !== status),
    [],
  )
})
