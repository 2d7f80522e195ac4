import type { ErrorObject } from 'ajv'
import { readTime } from './time.ts'

/** One thing that is wrong, as Fastify takes it from a validator. */
export type Finding = Pick<ErrorObject, 'keyword' | 'instancePath' | 'schemaPath' | 'params'> & {
  message: string
}

/** Findings in words that say what to send; the data are left behind, since they may be secret. */
export const explained = (errors: readonly ErrorObject[] | null | undefined): Finding[] =>
  (errors ?? []).map((error) => {
    const { keyword, instancePath, schemaPath, params } = error
    return { keyword, instancePath, schemaPath, params, message: sentenceOf(error) }
  })

const sentenceOf = (error: ErrorObject): string => {
  const { keyword, instancePath, params, message = 'is not valid' } = error
  if (keyword === 'pattern') return patternSentence(error)
  if (keyword === 'format' && params.format === 'date-time') return timeSentence(error)
  // A body that may be left out is not to be null.
  if (keyword === 'type' && instancePath === '') return message.replace(',null', '')
  return message
}

/** A regular expression says nothing to those who have not written it. */
const patternSentence = ({ data, parentSchema }: ErrorObject): string => {
  if (typeof data === 'string' && (data.includes('\0') || !data.isWellFormed()))
    return 'must not contain NUL or half of a surrogate pair'
  const [example] = Array.isArray(parentSchema?.examples) ? parentSchema.examples : []
  const such = example === undefined ? '' : `; one that is: ${example}`
  return `has a form that is not allowed${such}`
}

const timeSentence = ({ data, message = 'is not a time' }: ErrorObject): string => {
  const time = typeof data === 'string' ? readTime(data) : message
  return typeof time === 'string' ? time : message
}
