import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { cpuMsOfTree } from './process-info.ts'

/**
 * The runner preloads this into the process of each test file. At its end the process reports the CPU
 * time of the file and of all processes that it started.
 */

// Workers and forked processes inherit the preload, but not the pipe to the runner.
if (isMainThread && process.send === undefined) {
  process.on('exit', () => writeSync(3, `${cpuMsOfTree() ?? ''}`))
}
