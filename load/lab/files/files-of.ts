import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { inGo, type ScenarioId, scenarioIds, scenarioOf } from '@flash-deal/config'
import type { Arm } from '../record.ts'
import type { Subject } from '../subjects/subject.ts'

/**
 * The files that an arm runs, relative to the repository's root: the folders of its scenarios with
 * the active variant, the handlers of the requested operations, their imports from the same app, and
 * their SQL. Code that all arms share (packages without a scenario, plugins, the generated query
 * functions) is left out.
 */

export const filesOf = (
  root: string,
  { operations }: Pick<Subject, 'operations'>,
  arm: Pick<Arm, 'scenarios'>,
) => {
  const seeds = [
    ...operations.flatMap((operation) => handlersOf(root, operation)),
    ...Object.entries(arm.scenarios).flatMap(([id, variant]) => scenarioFiles(root, id, variant)),
  ]
  const found = new Set<string>()
  for (const file of seeds) follow(root, file, found)
  return [...found].sort()
}

const handlersOf = (root: string, operation: string): string[] =>
  globSync(`apps/*/src/handlers/${dashed(operation)}.ts`, { cwd: root })

const dashed = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

const folders = ['apps/*/src/scenarios', 'packages/*/src/scenarios', 'db/scenarios']

/** Leaves out the files of other variants. */
const scenarioFiles = (root: string, id: string, variant: string): string[] => {
  const known = scenarioIds.find((each) => each === id)
  if (known === undefined) return []
  const folder = `${id.toLowerCase()}-${scenarioOf(known).slug}`
  const others = otherVariants(known, variant)
  return [
    ...goFiles(root, known, variant),
    ...folders
      .flatMap((parent) => globSync(`${parent}/${folder}/**/*.{ts,sql}`, { cwd: root }))
      .filter((file) => !isTest(file) && !isOf(file, folder, others)),
  ]
}

/** The service itself, where the variant is the service in Go. */
const goFiles = (root: string, id: ScenarioId, variant: string): string[] => {
  const [app] = Object.entries(inGo).find(([, scenario]) => scenario === id) ?? []
  if (app === undefined || variant === 'baseline') return []
  const files = globSync(`apps/${app}-go/**/*.go`, { cwd: root })
  return files.filter((file) => !file.endsWith('_test.go'))
}

const otherVariants = (id: ScenarioId, variant: string): string[] =>
  Object.keys(scenarioOf(id).variants).filter((name) => name !== variant)

const isTest = (file: string): boolean => /\.test\.ts$|\/test\//.test(file)

/** Whether the file belongs to one variant: `memory.ts`, `memory/pages.ts`. */
const isOf = (file: string, folder: string, variants: readonly string[]): boolean => {
  const [own = ''] = file.slice(file.indexOf(`${folder}/`) + folder.length + 1).split('/')
  return variants.includes(basename(own, '.ts'))
}

const isScenario = (file: string): boolean => file.includes('/src/scenarios/')
const isPlugin = (file: string): boolean => basename(file) === 'plugin.ts'

const follow = (root: string, file: string, found: Set<string>): void => {
  if (found.has(file)) return
  found.add(file)
  if (!file.endsWith('.ts')) return
  const text = readFileSync(join(root, file), 'utf8')
  for (const { names, target } of importsIn(text, file)) {
    if (target.endsWith('gen/queries.ts')) {
      for (const sql of queriesOf(root, target, names)) found.add(sql)
    } else if (isFollowed(root, file, target)) follow(root, target, found)
  }
}

/** Imports of plugins are not followed: a plugin imports every variant, and an app every scenario. */
const isFollowed = (root: string, from: string, target: string): boolean =>
  existsSync(join(root, target)) && !isPlugin(from) && (!isScenario(target) || isScenario(from))

const importing = /^import\s+(type\s+)?(?:\{([^}]*)\}|[\w*]+[^'{]*)\s*from\s+'(\.[^']+)'/gm

/** Without type imports, which do not run. */
const importsIn = (text: string, file: string): { names: string[]; target: string }[] =>
  [...text.matchAll(importing)]
    .filter(([, isType]) => isType === undefined)
    .map(([, , names = '', path = '']) => ({
      names: names.split(',').map((name) => name.trim().replace(/ as .*/, '')),
      target: posix.join(dirname(file), path),
    }))

/** For product's `productGet`: `db/product/queries/product_get.sql`. */
const queriesOf = (root: string, generated: string, names: readonly string[]): string[] => {
  const [, app = ''] = generated.split('/')
  return names
    .map((name) => `db/${app}/queries/${dashed(name).replaceAll('-', '_')}.sql`)
    .filter((file) => existsSync(join(root, file)))
}
