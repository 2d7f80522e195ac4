import { Bulkhead, type BulkheadOptions, type Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { hashPassword, isPassword } from '../domain/password.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Both throw ApiError SERVICE_UNAVAILABLE if too many passwords wait, or if the deadline passes
     * during the wait.
     */
    passwords: {
      hash(password: string, deadline: Deadline): Promise<string>
      /** Takes equally long for an unknown user, so that the duration reveals nothing. */
      verify(password: string, hash: string | undefined, deadline: Deadline): Promise<boolean>
    }
  }
}

/** Limits the number of concurrent hashes, because each takes 20 ms of a core and 19 MiB. */
export const passwords = fp(
  async (app: FastifyInstance, options: BulkheadOptions) => {
    const queue = new Bulkhead(options)
    const hashOfNoUser = await hashPassword('the password of a user that does not exist')
    app.decorate('passwords', {
      hash: (password: string, deadline: Deadline) =>
        queue.run(deadline, () => hashPassword(password)),
      verify: async (password: string, hash: string | undefined, deadline: Deadline) => {
        const isValid = await queue.run(deadline, () => isPassword(password, hash ?? hashOfNoUser))
        return hash !== undefined && isValid
      },
    })
  },
  { name: 'passwords' },
)
