import { randomUUID } from 'node:crypto'
import { type EventData, type EventType, eventKinds } from '@flash-deal/contracts/events'
import type { CallContext } from '@flash-deal/service'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Unprocessable } from './unprocessable.ts'

export { Unprocessable } from './unprocessable.ts'

/** An event as consumers receive it. */
export type Event<Type extends EventType = EventType> = {
  [Each in Type]: {
    /** The same for every delivery. */
    id: string
    type: Each
    version: number
    data: EventData[Each]
    /** Headers that correlate the log lines of one request. */
    trace: CallContext['trace']
  }
}[Type]

/** An event to send. The key determines the partition: events of one key keep their order. */
export type NewEvent<Type extends EventType = EventType> = {
  [Each in Type]: { type: Each; key: string; data: EventData[Each]; trace: CallContext['trace'] }
}[Type]

export type Record = {
  topic: string
  key: string
  value: string
  headers: globalThis.Record<string, string>
}

/** The record of an event. @param id of the event; a new one by default */
export const recordOf = (
  { type, key, data, trace }: NewEvent,
  id: string = randomUUID(),
): Record => {
  const { version, topic } = eventKinds[type]
  return { topic, key, value: JSON.stringify({ id, type, version, data }), headers: { ...trace } }
}

// A test of the contracts checks these schemas; here it would add 70 ms of CPU to a start.
const ajv = addFormats.default(new Ajv2020({ strict: false, validateSchema: false }))

const validators = new Map(
  Object.entries(eventKinds).map(([type, { version, schema }]) => [
    `${type} ${version}`,
    ajv.compile(schema),
  ]),
)

type Received = { value: string | undefined; headers: ReadonlyMap<string, string> }

/** @throws Unprocessable if it is not an event, or has an unknown type or version */
export const eventFrom = ({ value, headers }: Received): Event => {
  const { id, type, version, data } = fieldsOf(value)
  if (typeof id !== 'string') throw new Unprocessable('The record is not an event.')
  const isValid = validators.get(`${type} ${version}`)
  if (isValid === undefined) {
    throw new Unprocessable(`Version ${version} of the event ${type} is unknown.`)
  }
  if (!isValid(data)) {
    throw new Unprocessable(`The event ${type} is not valid: ${ajv.errorsText(isValid.errors)}`)
  }
  // The data match the schema of this type and version.
  return { id, type, version, data, trace: Object.fromEntries(headers) } as Event
}

const fieldsOf = (value: string | undefined): { [name: string]: unknown } => {
  try {
    const parsed: unknown = JSON.parse(value ?? '')
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}
