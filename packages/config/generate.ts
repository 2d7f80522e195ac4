import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exampleEnvironment } from './src/example-environment.ts'
import { tableText } from './src/table.ts'

/** Writes the files generated from the tables of settings and scenarios; `--check` only compares. */

const root = join(import.meta.dirname, '../..')
const files = {
  '.env.example': exampleEnvironment(),
  'packages/go/config/gen/table.json': tableText(),
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

const isStale = ([name, text]: [string, string]): boolean => {
  try {
    return readFileSync(join(root, name), 'utf8') !== text
  } catch {
    return true
  }
}

const stale = Object.entries(files).filter(isStale)
if (values.check && stale.length > 0) {
  console.error(`${stale.map(([name]) => name).join(', ')} not up to date. Run npm run generate.`)
  process.exitCode = 1
} else {
  for (const [name, text] of stale) writeFileSync(join(root, name), text)
}
