import { type DestinationStream, destination } from 'pino'

/**
 * The lines of one turn of the event loop leave in one write: under load a write for each line costs
 * more than to make it. A process that exits, or fails, writes what it has; one that is killed loses
 * the lines of that turn.
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

/** Of this process. */
export const standardOutput = (): DestinationStream => {
  if (shared) return shared
  const stream = perTurn(destination({ fd: 1, sync: true }))
  process.on('exit', () => stream.flush())
  shared = stream
  return stream
}
