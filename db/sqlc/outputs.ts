import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hashFile } from './inputs-hash.ts'

/** All generated files. */
const outputs = ['apps/*/src/gen/queries.ts', 'apps/*/internal/queries/*.go', hashFile]

/** Contents by path from the root of the repository. */
export type Outputs = ReadonlyMap<string, string>

export const readOutputs = (root: string): Outputs =>
  new Map(
    globSync(outputs, { cwd: root })
      .sort()
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )

/** The files that are missing, differ, or belong to a deleted query. */
export const staleOutputs = (fresh: Outputs, committed: Outputs): string[] =>
  [...new Set([...fresh.keys(), ...committed.keys()])].filter(
    (path) => fresh.get(path) !== committed.get(path),
  )

/** Writes or deletes the given files, and no others. */
export const writeOutputs = (root: string, fresh: Outputs, paths: readonly string[]): void => {
  for (const path of paths) {
    const content = fresh.get(path)
    if (content === undefined) rmSync(join(root, path))
    else write(join(root, path), content)
  }
}

const write = (path: string, content: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
