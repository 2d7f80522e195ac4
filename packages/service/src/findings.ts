import type { ErrorObject } from 'ajv'
import { readTime } from './time.ts'

/** One validation error, in the form that Fastify expects. */
export type Finding = Pick<ErrorObject, 'keyword' | 'instancePath' | 'schemaPath' | 'params'> & {
  message: string
}

/** Validation errors with messages for the client. The data are removed, because they may be secret. */
export const explained = (errors: readonly ErrorObject[] | null | undefined): Finding[] =>
  (errors ?? []).map((error) => {
    const { keyword, instancePath, schemaPath, params } = error
    return { keyword, instancePath, schemaPath, params, message: sentenceOf(error) }
  })

const sentenceOf = (error: ErrorObject): string => {
  const { keyword, instancePath, params, message = 'is not valid' } = error
  if (keyword === 'pattern') return patternSentence(error)
  if (keyword === 'format' && params.format === 'date-time') return timeSentence(error)
  // An optional body must not be null.
  if (keyword === 'type' && instancePath === '') return message.replace(',null', '')
  return message
}

/** Clients cannot read a regular expression. */
const patternSentence = ({ data, parentSchema }: ErrorObject): string => {
  if (typeof data === 'string' && (data.includes('\0') || !data.isWellFormed()))
    return 'must not contain NUL or half of a surrogate pair'
  const [example] = Array.isArray(parentSchema?.examples) ? parentSchema.examples : []
  const such = example === undefined ? '' : `; for example: ${example}`
  return `does not have the required format${such}`
}

const timeSentence = ({ data, message = 'is not a time' }: ErrorObject): string => {
  const time = typeof data === 'string' ? readTime(data) : message
  return typeof time === 'string' ? time : message
}
