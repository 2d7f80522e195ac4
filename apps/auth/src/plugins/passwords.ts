import { Bulkhead, type BulkheadOptions, type Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { hashPassword, isPassword } from '../domain/password.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Each throws ApiError SERVICE_UNAVAILABLE where too many wait, or its turn does not come before
     * the deadline.
     */
    passwords: {
      hash(password: string, deadline: Deadline): Promise<string>
      /** Takes equally long for an unknown user, so that the duration reveals nothing. */
      verify(password: string, hash: string | undefined, deadline: Deadline): Promise<boolean>
    }
  }
}

/** Passwords, a bounded number at a time: each takes 20 ms of a core and 19 MiB. */
export const passwords = fp(
  async (app: FastifyInstance, options: BulkheadOptions) => {
    const queue = new Bulkhead(options)
    const nobodysHash = await hashPassword('the password of a user that does not exist')
    app.decorate('passwords', {
      hash: (password: string, deadline: Deadline) =>
        queue.run(deadline, () => hashPassword(password)),
      verify: async (password: string, hash: string | undefined, deadline: Deadline) => {
        const isValid = await queue.run(deadline, () => isPassword(password, hash ?? nobodysHash))
        return hash !== undefined && isValid
      },
    })
  },
  { name: 'passwords' },
)
