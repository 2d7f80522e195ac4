import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePorts } from '@flash-deal/local/ports'
import t from 'tap'

/** The ceiling answers every request, even if its origin does not. */

t.test('a path that the origin does not send is a 500, and the ceiling goes on', async (t) => {
  const [port = 0, closed = 0] = await freePorts(2)
  const program = join(import.meta.dirname, '../same-bytes.ts')
  const args = [program, `${port}`, `http://127.0.0.1:${closed}`]
  const ceiling = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => ceiling.kill('SIGKILL'))
  await once(ceiling.stdout, 'data')
  for (const path of ['/first', '/second']) {
    t.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 500)
  }
})
