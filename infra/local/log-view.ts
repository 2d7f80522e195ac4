import pretty from 'pino-pretty'

/** More than this waiting for a slow reader, and lines are dropped: memory is worth more. */
const waitingBytesMax = 1_000_000

const widest = 8

/** Writes the children's lines for a person: one a record, the service's name first. */
export const createLogView = (out: NodeJS.WriteStream): ((name: string, line: string) => void) => {
  const colour = out.isTTY === true
  const format = pretty.prettyFactory({
    colorize: colour,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name,service',
  })
  return (name, line) => {
    if (out.writableLength > waitingBytesMax || line === '') return
    out.write(`${label(name, colour)} ${readable(format, line)}\n`)
  }
}

/** What is not a JSON record (a stack of a crash) is shown as it is. */
const readable = (format: (line: string) => string, line: string): string =>
  line.startsWith('{') ? format(line).trimEnd() : line

const colours: Record<string, number> = { gateway: 35, auth: 33, product: 36, order: 32 }

const label = (name: string, colour: boolean): string =>
  colour ? `\u001b[${colours[name] ?? 37}m${name.padEnd(widest)}\u001b[39m` : name.padEnd(widest)
