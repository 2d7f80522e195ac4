import { createInterface } from 'node:readline'
import { runClosedLoop } from './closed-loop.ts'
import { runOpenLoop } from './open-loop.ts'
import type { Order } from './protocol.ts'

/**
 * The generator as a process of its own: an order on each line that comes in, an outcome on each
 * that goes out. Orders that come together are carried out side by side.
 */

type Line = { number: number; order: Order }

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { number, order } = JSON.parse(line) as Line
  const { schedule } = order
  const outcome = await (schedule ? runOpenLoop({ ...order, schedule }) : runClosedLoop(order))
  process.stdout.write(`${JSON.stringify({ number, outcome })}\n`)
})
