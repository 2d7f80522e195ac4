import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { scenarioIds, scenarioOf } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import t from 'tap'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

t.test('the README states how many scenarios are implemented', async (t) => {
  const implemented = scenarioIds.filter((id) => scenarioOf(id).status === 'implemented')
  t.match(readme, `Each of the ${implemented.length} optimizations`)
})

t.test('every file, npm script and make target that the README names exists', async (t) => {
  const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = '']) => path)
  const named = [...readme.matchAll(/(?:FILES=|verify )'?([\w./-]+)/g)].map(([, path = '']) => path)
  for (const path of [...links, ...named]) {
    const folder = path.replace(/[^/]*\*.*$/, '').replace(/hostile-$/, '')
    t.ok(existsSync(join(root, folder)), path)
  }
  for (const [, script = ''] of readme.matchAll(/npm run ([\w:-]+)/g)) t.hasProp(scripts, script)
  const makefile = readFileSync(join(root, 'Makefile'), 'utf8')
  for (const [, target = ''] of readme.matchAll(/\bmake ([a-z-]+)/g)) {
    t.match(makefile, `\n${target}: `)
  }
})
