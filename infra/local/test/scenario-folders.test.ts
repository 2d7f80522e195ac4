import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../paths.ts'

/** All folders of scenarios have the same main files, so that a reader knows where to begin. */

const patterns = ['apps/*/src/scenarios/*/', 'packages/*/src/scenarios/*/']
const folders = (await Array.fromAsync(glob(patterns, { cwd: root }))).sort()

t.test('there are folders of scenarios in apps and packages', async (t) => {
  t.ok(folders.length > 20)
  t.ok(folders.some((folder) => folder.startsWith('packages/db/')))
})

/** Matches code that runs when a module is imported. */
const code = /^(export )?(default|const|let|function|async|class)\b/m

for (const folder of folders) {
  t.test(`${folder} has a plugin and a seam that is only types`, async (t) => {
    t.ok(existsSync(join(root, folder, 'plugin.ts')), 'plugin.ts')
    const seam = join(root, folder, 'seam.ts')
    t.ok(existsSync(seam), 'seam.ts')
    const text = existsSync(seam) ? readFileSync(seam, 'utf8') : ''
    t.match(text, /^(export (type|interface)|declare module) /m)
    t.notMatch(text, code)
  })
}
