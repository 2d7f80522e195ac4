import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { hashPassword, isPassword } from '../domain/password.ts'
import { WorkQueue } from '../domain/work-queue.ts'

declare module 'fastify' {
  interface FastifyInstance {
    passwords: {
      hash(password: string): Promise<string>
      /** Takes as long for a user that does not exist, so that time does not tell. */
      isRight(password: string, hash: string | undefined): Promise<boolean>
    }
  }
}

/** Passwords, a bounded number at a time: each takes 20 ms of a core and 19 MiB. */
export const passwords = fp(
  async (app: FastifyInstance, options: { concurrency: number; queueMax: number }) => {
    const queue = new WorkQueue(options)
    const nobodysHash = await hashPassword('the password of a user that does not exist')
    app.decorate('passwords', {
      hash: (password: string) => queue.run(() => hashPassword(password)),
      isRight: async (password: string, hash: string | undefined) => {
        const isRight = await queue.run(() => isPassword(password, hash ?? nobodysHash))
        return hash !== undefined && isRight
      },
    })
  },
  { name: 'passwords' },
)
