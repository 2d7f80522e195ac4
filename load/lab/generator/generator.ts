import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { keepCoresAwake, pinned } from '../cores.ts'
import type { Answer, Order, Outcome } from './protocol.ts'

export type Generator = {
  pid: number
  /** @throws Error if the load could not be played, or if the generator has ended */
  run(order: Order): Promise<Outcome>
  end(): void
}

/** Starts the generator; with a core, pinned to it for the whole run, and no core halts. */
export const startGenerator = (core?: number): Generator => {
  if (core !== undefined) keepCoresAwake()
  const child = startedOn(core)
  const waiting = new Map<number, PromiseWithResolvers<Outcome>>()
  let ended: Error | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer
    const load = waiting.get(answer.number)
    waiting.delete(answer.number)
    if ('outcome' in answer) load?.resolve(answer.outcome)
    else load?.reject(new Error(`The generator could not play a load: ${answer.error}`))
  })
  // After the last line of its output.
  child.on('close', () => {
    ended = new Error('The generator has ended.')
    for (const { reject } of waiting.values()) reject(ended)
  })
  // A write after the exit fails, which `close` reports.
  child.stdin.on('error', () => {})
  let number = 0
  return {
    pid: child.pid ?? 0,
    run: async (order) => {
      if (ended) throw ended
      const outcome = Promise.withResolvers<Outcome>()
      number += 1
      waiting.set(number, outcome)
      child.stdin.write(`${JSON.stringify({ number, order })}\n`)
      return outcome.promise
    },
    end: () => child.stdin.end(),
  }
}

const startedOn = (core: number | undefined) => {
  const program = [join(import.meta.dirname, 'main.ts')]
  const { command, args } =
    core === undefined
      ? { command: process.execPath, args: program }
      : pinned(core, process.execPath, program)
  // Detached, so that Ctrl-C in the terminal signals only the lab, which finishes the slice.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  if (child.pid === undefined) throw new Error('The generator could not be started.')
  return child
}
