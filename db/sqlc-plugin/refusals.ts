import type { Enums, Field, GenerateRequest, Parameter, Query } from './request.ts'
import { elementType } from './types.ts'

const commands = [':one', ':many', ':exec', ':execrows']
const commandsWithRows = [':one', ':many']

const queryName = /^[A-Z][A-Za-z0-9]*$/
const fieldName = /^[a-z_][a-z0-9_]*$/

/** The reasons why a query cannot be generated, one sentence each; empty if there are none. */
export const refusalsOf = (
  query: Query,
  { folder, enums }: Pick<GenerateRequest, 'folder' | 'enums'>,
): string[] => {
  // The columns matter only if the result is read.
  const columns = commandsWithRows.includes(query.command) ? query.columns : []
  return [
    ...annotationRefusals(query),
    ...columns.flatMap((column) => columnRefusals(column, enums)),
    ...query.parameters.flatMap((parameter) => parameterRefusals(parameter, query, enums)),
    ...repeated(columns).map((name) => `two columns are called “${name}”; give one an alias.`),
    ...repeated(query.parameters).map(
      (name) => `two parameters are called “${name}”; name them with sqlc.arg(…).`,
    ),
  ].map((refusal) => `${folder}/${query.file}: ${query.name}: ${refusal}`)
}

const annotationRefusals = ({ name, command }: Query): string[] => [
  ...(queryName.test(name) ? [] : ['the name must be in PascalCase, like DealGet.']),
  ...(commands.includes(command)
    ? []
    : [`the command ${command} is not supported; use one of ${commands.join(', ')}.`]),
]

/** Only the first problem of a column, because the others usually follow from it. */
const columnRefusals = (column: Field, enums: Enums): string[] => {
  const { name, type } = column
  if (column.isMacro) return ['sqlc.embed(…) is not supported; list the columns.']
  if (!fieldName.test(name)) return [`the column “${name}” needs a snake_case alias: … as total.`]
  if (column.isGuess) {
    return [`sqlc cannot tell the type of the column “${name}”; cast it: (…)::bigint as ${name}.`]
  }
  if (elementType(column, enums)) return []
  return [`the column “${name}” has the type ${type}, which has no TypeScript type; cast it.`]
}

const parameterRefusals = (parameter: Parameter, query: Query, enums: Enums): string[] => {
  const { name, number, type } = parameter
  if (parameter.isMacro) {
    return [`sqlc.slice(${name}) is not supported; write any(sqlc.arg(${name})::uuid[]).`]
  }
  if (!fieldName.test(name)) return [`$${number} needs a snake_case name; write sqlc.arg(name).`]
  if (!elementType(parameter, enums)) {
    return [`the parameter “${name}” has the type ${type}, which has no TypeScript type; cast it.`]
  }
  if (parameter.isArray || !isSearchedIn(number, query.text)) return []
  return [`the parameter “${name}” is an array; say of what: any(sqlc.arg(${name})::uuid[]).`]
}

/** sqlc treats the `$1` of `any($1)` as a single value, unless it has a cast to an array. */
const isSearchedIn = (number: number, text: string): boolean =>
  new RegExp(String.raw`\b(any|all)\s*\(\s*\$${number}\s*\)`, 'i').test(text)

const repeated = (fields: readonly Field[]): string[] => {
  const names = fields.map(({ name }) => name)
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
