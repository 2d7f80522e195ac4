import { createInterface } from 'node:readline'
import { runClosedLoop } from './closed-loop.ts'
import { runOpenLoop } from './open-loop.ts'
import type { Answer, Order, Outcome } from './protocol.ts'

/**
 * The generator as a separate process: each input line is a load, each output line its outcome or its
 * error. Loads that arrive together run concurrently, and the error of one does not end the others.
 */

type Line = { number: number; order: Order }

const play = (order: Order): Promise<Outcome> => {
  const { schedule } = order
  return schedule ? runOpenLoop({ ...order, schedule }) : runClosedLoop(order)
}

const answerTo = ({ number, order }: Line): Promise<Answer> =>
  play(order).then(
    (outcome) => ({ number, outcome }),
    (error: Error) => ({ number, error: error.message }),
  )

createInterface({ input: process.stdin }).on('line', async (line) => {
  const answer = await answerTo(JSON.parse(line) as Line)
  process.stdout.write(`${JSON.stringify(answer)}\n`)
})
