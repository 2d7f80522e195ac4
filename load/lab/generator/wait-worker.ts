import { parentPort } from 'node:worker_threads'

/** The thread of a `PreciseTimer`: responds to a number of milliseconds after that time. */

/** Nothing changes it, so that a wait ends when its time is over. */
const never = new Int32Array(new SharedArrayBuffer(4))

parentPort?.on('message', (ms: number) => {
  Atomics.wait(never, 0, 0, ms)
  parentPort?.postMessage('expired')
})
