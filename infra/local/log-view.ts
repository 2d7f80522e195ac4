import pretty from 'pino-pretty'

/** Maximum buffered output for a slow reader; further lines are dropped. */
const waitingBytesMax = 1_000_000

/** Log levels of pino. */
export const warnings = 40
export const everything = 0
const fatal = 60

type Fields = Record<string, unknown>

export type LogView = {
  /** Handles a line of a child's output. */
  line: (name: string, text: string) => void
  /** Sets the minimum level. During the start, services that are not ready are expected. */
  showFrom: (level: number) => void
}

/** Formats the children's log lines: one line per record, with the service's name first. */
export const createLogView = (out: NodeJS.WriteStream): LogView => {
  const colour = out.isTTY === true
  const readable = createReadable(colour)
  let leastLevel = fatal
  const line = (name: string, text: string): void => {
    const fields = recordIn(text)
    if (fields && (Number(fields.level) < leastLevel || isRoutine(fields))) return
    if (out.writableLength > waitingBytesMax || text === '') return
    out.write(`${label(name, colour)} ${fields ? readable(fields) : text}\n`)
  }
  const showFrom = (level: number): void => {
    leastLevel = level
  }
  return { line, showFrom }
}

/** A line that is not JSON (the stack of a crash) is shown unchanged. */
const recordIn = (text: string): Fields | undefined => {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Fields
  } catch {
    return undefined
  }
}

const isRequest = ({ method, status }: Fields): boolean =>
  typeof method === 'string' && typeof status === 'number'

/** The gateway and the launcher request the services' health every few seconds. */
const isRoutine = (fields: Fields): boolean =>
  isRequest(fields) &&
  ['health', 'ready'].includes(String(fields.operation)) &&
  fields.status === 200

const createReadable = (colorize: boolean): ((fields: Fields) => string) => {
  const options = { colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' }
  const ignore = 'pid,hostname,name'
  const other = pretty.prettyFactory({ ...options, ignore })
  const request = pretty.prettyFactory({
    ...options,
    ignore: `${ignore},method,operation,status,ms,request_id`,
    messageFormat: ({ status, method, operation, ms }) =>
      `${status} ${method} ${operation} ${Number(ms).toFixed(1)} ms`,
  })
  return (fields) => (isRequest(fields) ? request(fields) : other(fields)).trimEnd()
}

const colours: Record<string, number> = { gateway: 35, auth: 33, product: 36, order: 32 }

const widest = 8

const label = (name: string, colour: boolean): string =>
  colour ? `\u001b[${colours[name] ?? 37}m${name.padEnd(widest)}\u001b[39m` : name.padEnd(widest)
