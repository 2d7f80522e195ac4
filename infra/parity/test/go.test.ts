import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import t from 'tap'
import { withoutGo } from '../processes.ts'

/**
 * Runs gofmt and the tests of the services in Go. go vet, staticcheck, the race detector and govulncheck
 * run in CI.
 */

const run = promisify(execFile)
// Without cgo, like the programs of `goProgram`, so that packages are compiled once.
const env = { ...environment(), CGO_ENABLED: '0' }
const options = { cwd: root, env, maxBuffer: 10_000_000 }

const outputOf = (command: string, args: readonly string[]): Promise<string> =>
  run(command, [...args], options).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `failed\n${stdout}${stderr}`,
  )

t.test('the code in Go', { skip: withoutGo() }, async (t) => {
  const folders = globSync('{apps/*-go,packages/go,contracts/*.go}', { cwd: root })
  t.equal(await outputOf('gofmt', ['-l', ...folders]), '', 'is formatted')
  t.notMatch(
    await outputOf('go', ['test', '-vet=off', './...']),
    /^(failed|FAIL)/m,
    'passes its own tests',
  )
})
