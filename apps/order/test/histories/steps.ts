import { AsyncLocalStorage } from 'node:async_hooks'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'

/**
 * Runs work in order and product one step at a time. A step is anything that is atomic to others: a
 * statement, a transaction, a call to another service, and the response to the client.
 */

/** The fate of a step. Its actor sees an error, except with `done`. */
export const fates = [
  'done',
  /** It is never executed. */
  'lost',
  /** It is executed, and the response is lost. */
  'unanswered',
  /** It is executed later, as with a slow network or a paused process. */
  'late',
  /** It is executed, and its transaction is rolled back. */
  'rolled back',
] as const

export type Fate = (typeof fates)[number]

/** The instruction for a step; an actor that dies takes no further step. */
export type Turn = { fate: Fate; dies: boolean }

export const done: Turn = { fate: 'done', dies: false }

type PausedStep = { name: string; open: (turn: Turn) => void; done: Promise<void> }

const actors = new AsyncLocalStorage<Actor>()

/** A running task: a request, or a round of the sweep or of the relay. */
export class Actor {
  readonly name: string
  /** Steps that wait for their turn; several if the task runs them concurrently. */
  readonly waiting: PausedStep[] = []
  /** The steps that are executed later. */
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

  /** Takes the next step. Resolves when the following step is reached or the work is over. */
  async take(turn: Turn): Promise<void> {
    const gate = this.waiting.shift()
    if (!gate) return
    gate.open(turn)
    await gate.done
    if (turn.dies) this.isOver = true
    else await this.#atRest()
  }

  /** Takes all steps before this one as `done`, and this one with the given turn. */
  async takeUntil(name: string, turn: Turn): Promise<void> {
    while (this.waiting[0] && this.waiting[0].name !== name) await this.take(done)
    await this.take(turn)
  }

  /** Waits for a turn, and executes the step accordingly. */
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

/** The work of a step; with `rollBack` its transaction does not commit. */
type Act<Result> = (rollBack: boolean) => Promise<Result>

/** Thrown inside a transaction, so that it does not commit. */
class RolledBack extends Error {}

/** Makes every statement and transaction of an actor a step. */
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

/** Makes every call of an actor through this client a step. */
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
