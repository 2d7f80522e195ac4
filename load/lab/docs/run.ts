import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@flash-deal/local/paths'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { documentsOf, staleIn } from './documents.ts'

/** `npm run docs`: writes the accepted results into the documents; `--check` only compares. */

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const stale = staleIn(root)
  if (!values.check) {
    for (const [name, text] of documentsOf(root)) writeFileSync(join(root, name), text)
    for (const name of stale.keys()) console.log(`${name} is written.`)
  } else if (stale.size > 0) {
    console.error(`${[...stale.keys()].join(', ')} not up to date. Run npm run docs.`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
