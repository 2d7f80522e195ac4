export { AppendLog } from './append-log.ts'
export type { Handle, Handled } from './consumer.ts'
export { type Event, type NewEvent, Unprocessable } from './event.ts'
export { type Messaging, messaging } from './plugin.ts'
