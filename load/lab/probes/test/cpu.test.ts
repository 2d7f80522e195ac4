import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { cpuUsOfOthers } from '../cpu.ts'

/** A slice does not count if programs outside the run use the machine: their CPU time is found. */

const skip = process.platform !== 'linux' && 'the figures are from /proc'
const burntMs = 300
const burn = `const begin = process.cpuUsage().user
while (process.cpuUsage().user - begin < ${burntMs * 1_000});`
/** Less, because the kernel counts the time of ended processes in steps of ten milliseconds. */
const foundUs = (burntMs - 20) * 1_000

const all: ReadonlySet<number> = new Set()

t.test('a program that runs and ends during the slice is found', { skip }, async (t) => {
  const before = cpuUsOfOthers(all)
  spawnSync(process.execPath, ['-e', burn])
  t.ok(cpuUsOfOthers(all) - before >= foundUs)
})

t.test(
  'a program that still runs is found, unless it is a part of the run',
  { skip },
  async (t) => {
    const child = spawn(process.execPath, [
      '-e',
      `${burn}; console.log(1); setInterval(() => {}, 1e6)`,
    ])
    t.teardown(() => ended(child))
    await once(child.stdout, 'data')
    const ours = new Set([child.pid ?? 0])
    t.ok(cpuUsOfOthers(all) - cpuUsOfOthers(ours) >= foundUs)
  },
)

const ended = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
