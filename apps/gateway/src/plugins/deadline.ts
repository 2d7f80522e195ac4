import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type DeadlineOptions = { deadlineMs: number }

/** `request.deadline`: the gateway starts the time limit of each request. No client sets it. */
export const deadline = fp(
  async (app: FastifyInstance, { deadlineMs }: DeadlineOptions) => {
    // The hook below sets it for every request before it is read.
    app.decorateRequest('deadline', null as unknown as Deadline)
    app.addHook('onRequest', async (request) => {
      request.deadline = Deadline.in(deadlineMs)
    })
  },
  { name: 'deadline' },
)
