import { Worker } from 'node:worker_threads'

/**
 * A timer that is about 0.2 ms late. Node's own timers have a resolution of 1 ms and may expire up
 * to 1 ms too early; `Atomics.wait` is precise, but blocks its thread, so it has a thread of its own.
 */
export class PreciseTimer {
  readonly #worker = new Worker(new URL('./wait-worker.ts', import.meta.url))
  #expire: () => void = () => {}

  constructor() {
    this.#worker.on('message', () => this.#expire())
  }

  /**
   * Never returns before that time. For one caller at a time.
   *
   * @param atMs in milliseconds of `performance.now()`
   */
  async waitUntil(atMs: number): Promise<void> {
    for (let leftMs = atMs - performance.now(); leftMs > 0; leftMs = atMs - performance.now()) {
      await this.#wait(leftMs)
    }
  }

  #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#expire = resolve
    this.#worker.postMessage(ms)
    return promise
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
