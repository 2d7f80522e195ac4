import { type DestinationStream, destination } from 'pino'

/**
 * Writes the lines of one turn of the event loop at once: under load a write for each line costs more
 * than formatting it. A process that exits or crashes writes its buffer; one that is killed loses the
 * lines of that turn.
 */
export const perTurn = (stream: DestinationStream): DestinationStream & { flush(): void } => {
  let text = ''
  const flush = (): void => {
    const written = text
    text = ''
    if (written !== '') stream.write(written)
  }
  return {
    write: (line) => {
      if (text === '') setImmediate(flush)
      text += line
    },
    flush,
  }
}

let shared: DestinationStream | undefined

/** The log stream of this process. */
export const standardOutput = (): DestinationStream => {
  if (shared) return shared
  const stream = perTurn(destination({ fd: 1, sync: true }))
  process.on('exit', () => stream.flush())
  shared = stream
  return stream
}
