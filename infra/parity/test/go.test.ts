import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import t from 'tap'
import { withoutGo } from '../processes.ts'

/** Runs Go's own tools on the services in Go. The race detector, staticcheck and govulncheck run in CI. */

const run = promisify(execFile)
const options = { cwd: root, env: environment(), maxBuffer: 10_000_000 }

const outputOf = (command: string, args: readonly string[]): Promise<string> =>
  run(command, [...args], options).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `failed\n${stdout}${stderr}`,
  )

t.test('the code in Go', { skip: withoutGo() }, async (t) => {
  const folders = globSync('{apps/*-go,packages/go,contracts/*.go}', { cwd: root })
  t.equal(await outputOf('gofmt', ['-l', ...folders]), '', 'is formatted')
  t.equal(await outputOf('go', ['vet', './...']), '', 'has nothing that go vet finds')
  t.notMatch(await outputOf('go', ['test', './...']), /^(failed|FAIL)/m, 'passes its own tests')
})
