import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from '@flash-deal/testing'
import { type Edit, type PlantedBug, plantedAsyncBugs, plantedBugs } from './planted-bugs.ts'

/**
 * A separate process with one planted bug: `node find-planted-bug.ts <name>`. Its last line is the
 * violation that was found. It fails if the bug cannot be planted.
 */

const root = join(import.meta.dirname, '../../../..')

const plant = (edits: readonly Edit[]): void => {
  const byUrl = Map.groupBy(edits, ({ file }) => pathToFileURL(join(root, file)).href)
  const planted = new Set<Edit>()
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context)
      const own = byUrl.get(url)
      if (!own) return loaded
      for (const edit of own) planted.add(edit)
      return { ...loaded, source: own.reduce(changed, String(loaded.source)) }
    },
  })
  process.on('exit', () => {
    if (planted.size < edits.length) throw new Error('A file with an edit was not loaded.')
  })
}

const changed = (source: string, { file, from, to }: Edit): string => {
  const [before, after, more] = source.split(from)
  if (before === undefined || after === undefined || more !== undefined) {
    throw new Error(`${file} does not contain "${from}" exactly once.`)
  }
  return before + to + after
}

const find = async (
  t: Test,
  { sql = '', breaks, foundBy, seed = 1, first = 0, variants = {} }: PlantedBug,
): Promise<string> => {
  const { openWorld } = await import('./world.ts')
  const shop = await openWorld(t, variants)
  await shop.sql.unsafe(sql)
  if (foundBy === 'burst') return (await import('./burst.ts')).burst(shop)
  const { runHistories } = await import('./run-histories.ts')
  return runHistories(shop, { seed, first, histories: 2000, wanted: breaks, shrink: false })
}

const teardowns: (() => unknown)[] = []
const name = process.argv[2] ?? ''
const bug = { ...plantedBugs, ...plantedAsyncBugs }[name]
if (!bug) throw new Error(`There is no planted bug "${name}".`)
plant(bug.edits)
const found = await find({ teardown: (work) => teardowns.push(work) }, bug)
process.stdout.write(`\n${JSON.stringify(found)}\n`)
for (const teardown of teardowns.reverse()) await teardown()
