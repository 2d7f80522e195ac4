import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import { servers } from './servers.ts'

const root = join(import.meta.dirname, '../../..')

/**
 * The path of a service in Go, such as `order-go`. It is built once in a test run, because even a build
 * without changes takes a second.
 *
 * @throws Error with the output of the compiler
 */
export const goProgram = (name: string): string => {
  const { programs } = servers()
  const program = join(programs, name)
  if (existsSync(program)) return program
  mkdirSync(programs, { recursive: true })
  // Renamed at the end, because several test files may build it at once.
  const draft = `${program}.${randomUUID()}`
  const { status, stderr } = spawnSync(
    'go',
    ['build', '-ldflags=-s -w', '-o', draft, `./apps/${name}`],
    { cwd: root, encoding: 'utf8', env: { ...environment(), CGO_ENABLED: '0' } },
  )
  if (status !== 0) throw new Error(`go build failed: ${stderr}`)
  renameSync(draft, program)
  return program
}
