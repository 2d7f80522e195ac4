import { AsyncLocalStorage } from 'node:async_hooks'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'

/**
 * Lets work in order and product go on one step at a time. A step is whatever is atomic to others:
 * a statement, a transaction, a call to another service, and the answer to the client.
 */

/** The fate of a step. Except for the first one, its actor only sees an error. */
export const fates = [
  'done',
  /** It never reached the other side. */
  'lost',
  /** It was done, and the word of it was lost. */
  'unanswered',
  /** It is still on its way and will be done later: a slow network, a process that was paused. */
  'late',
  /** A transaction did everything but commit. */
  'rolled back',
] as const

export type Fate = (typeof fates)[number]

/** The instruction for a step; an actor that dies takes no further one. */
export type Turn = { fate: Fate; dies: boolean }

export const done: Turn = { fate: 'done', dies: false }

type PausedStep = { name: string; open: (turn: Turn) => void; done: Promise<void> }

const actors = new AsyncLocalStorage<Actor>()

/** One piece of work under way: a request, a round of the sweep or of the relay. */
export class Actor {
  readonly name: string
  /** Steps that wait to be taken; more than one where work goes on side by side. */
  readonly waiting: PausedStep[] = []
  /** Everything under way that arrives later. */
  readonly late: (() => Promise<unknown>)[]
  isOver = false
  #changed = Promise.withResolvers<void>()

  constructor(name: string, late: (() => Promise<unknown>)[]) {
    this.name = name
    this.late = late
  }

  /** Starts the work and returns when it waits before its first step. `see` gets its result. */
  async begin<Answer>(work: () => Promise<Answer>, see: (answer: Answer) => void): Promise<void> {
    void actors.run(this, async () => {
      const answer = await work().catch(() => undefined)
      await this.#step('answer', async () => answer !== undefined && see(answer)).catch(() => {})
      this.isOver = true
      this.#changed.resolve()
    })
    await this.#atRest()
  }

  /** Takes the next step, and returns when the one after it is reached, or the work is over. */
  async take(turn: Turn): Promise<void> {
    const gate = this.waiting.shift()
    if (!gate) return
    gate.open(turn)
    await gate.done
    if (turn.dies) this.isOver = true
    else await this.#atRest()
  }

  /** Takes all steps up to this one, which is met with the turn. */
  async takeUntil(name: string, turn: Turn): Promise<void> {
    while (this.waiting[0] && this.waiting[0].name !== name) await this.take(done)
    await this.take(turn)
  }

  /** Waits for a turn and does the step accordingly. */
  async step<Result>(name: string, act: Act<Result>): Promise<Result> {
    return this.#step(name, act)
  }

  async #step<Result>(name: string, act: Act<Result>): Promise<Result> {
    const opened = Promise.withResolvers<Turn>()
    const done = Promise.withResolvers<void>()
    this.waiting.push({ name, open: opened.resolve, done: done.promise })
    this.#changed.resolve()
    const { fate, dies } = await opened.promise
    const outcome = await this.#meet(fate, act).finally(done.resolve)
    // A dead actor does nothing more: no cleanup, no response.
    return dies ? new Promise<Result>(() => {}) : outcome()
  }

  /** Executes the step, and returns what its actor sees. */
  async #meet<Result>(fate: Fate, act: Act<Result>): Promise<() => Result> {
    const seen: { value?: Result; error?: unknown } = {}
    if (fate === 'late') this.late.push(() => act(false))
    else if (fate !== 'lost') {
      await act(fate === 'rolled back').then(
        (value) => (seen.value = value),
        (error) => (seen.error = error),
      )
    }
    return () => {
      if (fate !== 'done') throw new ApiError('SERVICE_UNAVAILABLE')
      if ('error' in seen) throw seen.error
      return seen.value as Result
    }
  }

  async #atRest(): Promise<void> {
    while (!this.isOver && this.waiting.length === 0) {
      await this.#changed.promise
      this.#changed = Promise.withResolvers()
    }
  }
}

/** The work of a step; without the commit if it is to be rolled back. */
type Act<Result> = (rollBack: boolean) => Promise<Result>

/** Thrown inside of a transaction, so that it does not commit. */
class RolledBack extends Error {}

/** From now on every statement of an actor is a separate step. */
export const stepThroughDatabase = ({ db }: FastifyInstance): void => {
  const query = db.query.bind(db)
  const transaction = db.transaction.bind(db)
  db.query = (statement, args) => taken(statement.name, () => query(statement, args))
  db.transaction = (work) =>
    taken('transaction', (rollBack) =>
      transaction(async (tx) => {
        const result = await work(tx)
        if (rollBack) throw new RolledBack()
        return result
      }),
    )
}

/** From now on every call of an actor through this client is a step. */
export const stepThroughCalls = <Client extends object>(
  client: Client,
  names: readonly (keyof Client & string)[],
): void => {
  for (const name of names) {
    const call = client[name]
    if (typeof call !== 'function') throw new Error(`There is no call ${name}.`)
    Object.defineProperty(client, name, {
      value: (...args: unknown[]) => taken(name, () => call.apply(client, args)),
    })
  }
}

const taken = <Result>(name: string, act: Act<Result>): Promise<Result> => {
  const actor = actors.getStore()
  return actor ? actor.step(name, act) : act(false)
}
