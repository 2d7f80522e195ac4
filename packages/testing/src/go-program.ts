import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import { servers } from './servers.ts'

const root = join(import.meta.dirname, '../../..')

/**
 * The path of a service in Go, such as `order-go`. It is built once in a test run, because even a build
 * of what has not changed takes a second.
 *
 * @throws Error with what the compiler says
 */
export const goProgram = (name: string): string => {
  const { programs } = servers()
  const program = join(programs, name)
  if (existsSync(program)) return program
  mkdirSync(programs, { recursive: true })
  // Renamed into place, because several test files may build it at once.
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
