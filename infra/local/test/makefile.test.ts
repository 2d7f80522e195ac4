import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import t, { type Test } from 'tap'

/** The installing half of the Makefile, in a folder without packages, with an npm that only notes. */
const install = (t: Test, programs: Record<string, string>) => {
  const folder = t.testdir({ 'package-lock.json': '{}', bin: {} })
  copyFileSync(join(import.meta.dirname, '../../../Makefile'), join(folder, 'Makefile'))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  const env = { ...environment(), PATH: `${join(folder, 'bin')}:${environment().PATH}` }
  return new Promise<{ code: number; stderr: string; isInstalled: boolean }>((resolve) => {
    execFile(
      'make',
      ['node_modules/.package-lock.json'],
      { cwd: folder, env },
      (error, _, stderr) =>
        resolve({
          code: Number(error?.code ?? 0),
          stderr,
          isInstalled: existsSync(join(folder, 'node_modules')),
        }),
    )
  })
}

const npm = 'test "$1" = ci && mkdir -p node_modules'

t.test('a fresh clone installs its packages', async (t) => {
  const { code, stderr, isInstalled } = await install(t, { npm })
  t.strictSame([code, stderr, isInstalled], [0, '', true])
})

t.test('a Node that is too old is one sentence, and nothing is installed', async (t) => {
  // What `node -e` says of itself, and what `node -v` prints.
  const node = 'test "$1" = -v && echo v18.20.0 && exit; exit 1'
  const { code, stderr, isInstalled } = await install(t, { npm, node })
  t.match(stderr, 'Node v18.20.0 is too old. Install Node 20 or newer.')
  t.strictSame([code, isInstalled], [2, false])
})
