import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pinned } from '../cores.ts'
import type { Order, Outcome } from './protocol.ts'

export type Generator = {
  pid: number
  /** @throws Error if the generator has exited */
  run(order: Order): Promise<Outcome>
  end(): void
}

/** Starts the generator, pinned to a separate core for the whole run if one is given. */
export const startGenerator = (core?: number): Generator => {
  const program = [join(import.meta.dirname, 'main.ts')]
  const { command, args } =
    core === undefined
      ? { command: process.execPath, args: program }
      : pinned(core, process.execPath, program)
  // Detached, so that Ctrl-C in the terminal signals only the lab, which finishes the slice.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  if (child.pid === undefined) throw new Error('The generator could not be started.')
  const waiting = new Map<number, PromiseWithResolvers<Outcome>>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { number, outcome } = JSON.parse(line) as { number: number; outcome: Outcome }
    waiting.get(number)?.resolve(outcome)
    waiting.delete(number)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The generator has ended.'))
  })
  let number = 0
  return {
    pid: child.pid,
    run: (order) => {
      const outcome = Promise.withResolvers<Outcome>()
      number += 1
      waiting.set(number, outcome)
      child.stdin.write(`${JSON.stringify({ number, order })}\n`)
      return outcome.promise
    },
    end: () => child.stdin.end(),
  }
}
