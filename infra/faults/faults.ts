import type { Stack } from '@flash-deal/local/stack'
import type { Random } from './random.ts'

/** The table of faults: each row is played for some rounds. */

export type Fault = {
  kind: string
  /** The child of the stack that it befalls. */
  target: string
  /** Makes it happen; why it did not, where it did not. What is random about it comes from the seed. */
  inject(stack: Stack, random: Random): Promise<string | undefined>
  /** Ends it. Resolves when the target can work again; throws where it cannot. */
  undo(stack: Stack): Promise<void>
}

const kill = (target: string): Fault => ({
  kind: 'kill',
  target,
  inject: async ({ supervisor }) => {
    if (supervisor.pid(target) === undefined) return `${target} did not run`
    const exited = supervisor.exited(target)
    supervisor.kill(target, 'SIGKILL')
    const exit = await exited
    return exit?.signal === 'SIGKILL' ? undefined : `${target} did not end by SIGKILL`
  },
  undo: (stack) => stack.restart(target),
})

/** For PostgreSQL it is the postmaster; what it has started ends by itself. */
export const faults: readonly Fault[] = ['order', 'product', 'gateway', 'postgres'].map(kill)
