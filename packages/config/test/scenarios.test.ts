import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ScenarioId, scenarioIds, scenarioOf, variantsOf } from '@flash-deal/config'
import t from 'tap'

const apps = join(import.meta.dirname, '../../../apps')

const folderOf = (id: ScenarioId): string => `${id.toLowerCase()}-${scenarioOf(id).slug}`

/** The folder of a scenario that only changes the options of a package; it has no code in the apps. */
const packageOf: Partial<Record<ScenarioId, string>> = { E5: 'db' }

const implemented = scenarioIds.filter((id) => scenarioOf(id).status === 'implemented')

const foldersOf = (app: string): string[] => {
  const folder = join(apps, app, 'src/scenarios')
  return existsSync(folder) ? readdirSync(folder) : []
}

t.test("the plan's eighteen scenarios are declared", async (t) => {
  const ids = { E: [1, 2, 3, 4, 5, 6, 7], M: [1, 2, 3, 4, 5, 6], H: [1, 2, 3, 4, 5] }
  const planned = Object.entries(ids).flatMap(([letter, numbers]) =>
    numbers.map((number) => `${letter}${number}`),
  )
  t.strictSame(
    planned.filter((id) => !(scenarioIds as string[]).includes(id)),
    [],
  )
})

t.test('every variant list begins with baseline and has optimized', async (t) => {
  for (const id of scenarioIds) {
    t.equal(variantsOf(id)[0], 'baseline', id)
    t.ok(variantsOf(id).includes('optimized'), id)
  }
})

t.test(
  'every folder under scenarios/ belongs to a scenario of the table, in an app that it changes',
  async (t) => {
    for (const app of readdirSync(apps)) {
      for (const folder of foldersOf(app)) {
        const id = scenarioIds.find((each) => folderOf(each) === folder)
        if (!id) t.fail(`${app}/${folder} is not in the table`)
        else t.ok((scenarioOf(id).apps as readonly string[]).includes(app), `${id} changes ${app}`)
      }
    }
  },
)

t.test(
  'every implemented scenario has a folder with a file or folder for each variant, a test and a README',
  async (t) => {
    for (const id of implemented.filter(
      (each) => !['data', 'numbers', 'deployment'].includes(scenarioOf(each).seam),
    )) {
      const homes = scenarioOf(id).apps.filter((app) => foldersOf(app).includes(folderOf(id)))
      t.ok(homes.length > 0, `${id} has a folder`)
      const filesOf = (app: string) => readdirSync(join(apps, app, 'src/scenarios', folderOf(id)))
      // If a scenario changes two apps, a variant may have a file in only one of them.
      const bodies = homes.flatMap(filesOf)
      for (const variant of variantsOf(id))
        t.ok(bodies.includes(`${variant}.ts`) || bodies.includes(variant), `${id} ${variant}`)
      for (const app of homes) {
        for (const file of ['plugin.ts', 'plugin.test.ts', 'README.md'])
          t.ok(filesOf(app).includes(file), `${id} ${file} in ${app}`)
      }
    }
  },
)

t.test('every scenario of the seam data has up.sql, down.sql, a README and tests', async (t) => {
  for (const id of implemented.filter((each) => scenarioOf(each).seam === 'data')) {
    const files = readdirSync(join(apps, '../db/scenarios', folderOf(id)))
    t.strictSame(files.sort(), ['README.md', 'down.sql', 'up.sql'], id)
    for (const app of scenarioOf(id).apps) {
      const own = readdirSync(join(apps, app, 'src/scenarios', folderOf(id)))
      t.strictSame(own.sort(), ['plugin.test.ts', 'plugin.ts', 'seam.ts'], `${id} in ${app}`)
    }
  }
})

t.test(
  'every scenario of the seam numbers has its options, a plugin, tests and a README in a package',
  async (t) => {
    for (const id of implemented.filter((each) => scenarioOf(each).seam === 'numbers')) {
      const home = join(apps, '../packages', packageOf[id] ?? 'none', 'src/scenarios', folderOf(id))
      const files = existsSync(home) ? readdirSync(home) : []
      for (const file of [
        'baseline.ts',
        'optimized.ts',
        'seam.ts',
        'plugin.ts',
        'plugin.test.ts',
        'README.md',
      ])
        t.ok(files.includes(file), `${id} ${file}`)
    }
  },
)

t.test('every scenario of the seam deployment has a program and a README', async (t) => {
  for (const id of implemented.filter((each) => scenarioOf(each).seam === 'deployment')) {
    for (const file of ['main.go', 'README.md'])
      t.ok(existsSync(join(apps, scenarioOf(id).slug, file)), `${id} ${file}`)
  }
})

t.test('every scenario and variant that the table refers to exists', async (t) => {
  for (const id of scenarioIds) {
    const {
      needs = {},
      measuredWith = [],
      requires = [],
      excludes = [],
      excludesIn = {},
    } = scenarioOf(id)
    for (const variant of Object.keys({ ...needs, ...excludesIn }))
      t.ok(variantsOf(id).includes(variant), `${id} ${variant}`)
    for (const other of [
      ...measuredWith,
      ...requires,
      ...excludes,
      ...Object.values(excludesIn).flat(),
    ]) {
      t.ok((scenarioIds as string[]).includes(other), `${id} → ${other}`)
    }
  }
})
