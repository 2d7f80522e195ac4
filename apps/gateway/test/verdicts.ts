import type { Operation } from '@flash-deal/contracts'
import { isErrorCode } from '@flash-deal/errors'
import { jsonType } from '@flash-deal/service'
import type { Test } from 'tap'
import type { Answer } from './client.ts'

/** A request that must be rejected: its name in a failure, the response, and the expected error. */
export type Trial = {
  what: string
  answer: Answer
  status: number
  code: string
  /** A field that must be in the details. */
  field?: string | undefined
}

/** The maximum size of the error, in bytes. */
const refusalBytes = 8_192

const envelope = new Set(['error', 'message', 'details', 'request_id'])

/** The difference between a response and the expected error; undefined if there is none. */
const complaintsAbout = (
  operation: Operation,
  { answer, status, code, field }: Trial,
): string[] => {
  const { error, details = {}, request_id } = answer.body ?? {}
  const wrong = [
    (answer.status !== status || error !== code) && `${answer.status} ${error}`,
    // The method is refused for the path, before there is an operation.
    !(status in operation.responses) && status !== 405 && `the contract has no ${status}`,
    !isErrorCode(String(error)) && 'a code that the catalogue does not have',
    Object.keys(answer.body ?? {}).some((name) => !envelope.has(name)) && 'more than the envelope',
    Buffer.byteLength(answer.text) >= refusalBytes && 'it is not smaller than 8 KB',
    answer.headers.get('content-type') !== jsonType && `${answer.headers.get('content-type')}`,
    request_id !== answer.headers.get('x-request-id') && 'another request id',
    field !== undefined && !Object.hasOwn(details, field) && `no word of ${field}: ${answer.text}`,
  ]
  return wrong.filter((each) => each !== false)
}

/** Asserts that every trial was rejected according to the contract, and lists the others. */
export const allRefused = (t: Test, operation: Operation, trials: readonly Trial[]): void => {
  t.ok(trials.length > 0, `${operation.operationId}, ${trials.length} times`)
  for (const trial of trials)
    for (const complaint of complaintsAbout(operation, trial))
      t.fail(`${operation.operationId}, ${trial.what.slice(0, 80)}: ${complaint}`)
}
