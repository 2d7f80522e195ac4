import { createInterface } from 'node:readline'
import { runClosedLoop } from './closed-loop.ts'
import { runOpenLoop } from './open-loop.ts'
import type { Order } from './protocol.ts'

/**
 * The generator as a separate process: each input line is a load, each output line its outcome. Loads
 * that arrive together run concurrently.
 */

type Line = { number: number; order: Order }

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { number, order } = JSON.parse(line) as Line
  const { schedule } = order
  const outcome = await (schedule ? runOpenLoop({ ...order, schedule }) : runClosedLoop(order))
  process.stdout.write(`${JSON.stringify({ number, outcome })}\n`)
})
