import { fork } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { messageOf } from '../child-message.ts'

/** A process of the waterfall that ends is an error instead of an endless wait. */

const forked = (t: Test, program: string) => {
  const folder = t.testdir({ 'child.js': program })
  const child = fork(join(folder, 'child.js'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  t.teardown(() => child.kill())
  return child
}

t.test('the message of a process', async (t) => {
  const child = forked(t, "process.on('message', () => {}).send('ready')")
  t.equal(await messageOf(child), 'ready')
})

t.test('a process that ends without a message', async (t) => {
  const child = forked(t, 'process.exit(3)')
  await t.rejects(messageOf(child), /child\.js ended with exit code 3\./)
  await t.rejects(messageOf(child), /ended with exit code 3\./, 'also later')
})
