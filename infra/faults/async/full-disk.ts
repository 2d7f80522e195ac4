import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Stack } from '@flash-deal/local/stack'
import { killed } from '../injections/kill.ts'
import type { PrepareFault } from '../injections/prepared-fault.ts'

/** A full disk of the broker: its data is in a small file system in memory, which is filled. */

const run = promisify(execFile)

const sizeMb = 128

/** Why a file system cannot be mounted here, or false. */
export const cannotMount = (): string | false =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? false
    : 'only root on Linux can mount a file system'

const foldersOf = ({ settings }: Stack) => {
  const folder = join(settings.STATE_DIR, 'kafka')
  return {
    data: join(folder, 'data'),
    aside: join(folder, 'aside'),
    log: join(folder, 'kafka.log'),
  }
}

/** The broker is stopped twice, because its data moves to that file system and back. */
export const fillBrokersDisk: PrepareFault = async ({ stack }) => {
  const { data, aside, log } = foldersOf(stack)
  const filler = join(data, 'filler')
  await withoutBroker(stack, async () => {
    await copy(data, aside)
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', data])
    await copy(aside, data)
  })
  return {
    inject: async () => {
      await fill(filler)
      const isNoticed = () => stack.supervisor.pid('kafka') === undefined || saysFull(log)
      return (await within(noticedWithinMs, isNoticed))
        ? undefined
        : 'the broker did not report a full disk'
    },
    recover: async () => {
      await rm(filler, { force: true })
      // A broker exits if its only disk fails.
      if (stack.supervisor.pid('kafka') === undefined) await stack.restart('kafka')
    },
    cleanup: () =>
      withoutBroker(stack, async () => {
        await copy(data, aside)
        await run('umount', [data])
        await copy(aside, data)
      }),
  }
}

/** Copies a folder with sparse files, because the broker's indexes are mostly holes. */
const copy = async (from: string, to: string): Promise<void> => {
  await rm(to, { recursive: true, force: true }).catch(() => {})
  await mkdir(to, { recursive: true })
  await run('cp', ['-a', '--sparse=always', `${from}/.`, to])
}

const withoutBroker = async (stack: Stack, work: () => Promise<void>): Promise<void> => {
  await killed(stack, 'kafka')
  await work()
  await stack.restart('kafka')
}

const block = Buffer.alloc(65_536)

/** Writes until the file system is full. */
const fill = async (file: string): Promise<void> => {
  const handle = await open(file, 'w')
  try {
    for (let length = block.length; length > 0; ) {
      const isWritten = await handle.write(block, 0, length).then(
        ({ bytesWritten }) => bytesWritten === length,
        () => false,
      )
      if (!isWritten) length = Math.floor(length / 16)
    }
  } finally {
    await handle.close()
  }
}

const noticedWithinMs = 30_000

const saysFull = (log: string): boolean =>
  readFileSync(log, 'utf8').includes('No space left on device')

const within = async (ms: number, condition: () => boolean): Promise<boolean> => {
  const deadline = Date.now() + ms
  while (!condition()) {
    if (Date.now() > deadline) return false
    await sleep(100)
  }
  return true
}
