import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root as repository } from '@flash-deal/local/paths'
import t, { type Test } from 'tap'
import { documentsOf, staleIn } from '../../docs/documents.ts'
import { readResults } from '../../docs/results.ts'
import { accept } from '../../docs/test/accepted.ts'
import { filesOf } from '../files-of.ts'
import { linesSince, staleOnes } from '../stale.ts'

/** A result says how far the code of its arms has changed since it was measured. */

const folder = 'apps/product/src/scenarios/e2-product-list-cache'
const files = {
  'apps/product/src/handlers/list-products.ts': "import { pageOf } from '../domain/page.ts'\n",
  'apps/product/src/handlers/get-product.ts': 'export const other = 1\n',
  'apps/product/src/domain/page.ts': "import { productGet } from '../gen/queries.ts'\n",
  'apps/product/src/gen/queries.ts': 'export const productGet = 1\n',
  'db/product/queries/product_get.sql': 'select 1\n',
  'db/product/queries/product_list.sql': 'select 2\n',
  [`${folder}/seam.ts`]: 'export type Seam = 1\n',
  [`${folder}/plugin.ts`]:
    "import { one } from './optimized.ts'\nimport { two } from './memory.ts'\n",
  [`${folder}/baseline.ts`]: 'export const zero = 0\n',
  [`${folder}/optimized.ts`]: "import { pages } from './optimized/pages.ts'\n",
  [`${folder}/optimized/pages.ts`]: 'export const pages = 1\n',
  [`${folder}/memory.ts`]: 'export const two = 2\n',
  [`${folder}/plugin.test.ts`]: 'test\n',
}

const git = (root: string, ...args: string[]): string => {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com']
  return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' }).trim()
}

/** A repository of its own, with one commit. */
const repositoryOf = (t: Test): { root: string; commit: string } => {
  const root = mkdtempSync(join(tmpdir(), 'flash-deal-stale-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) write(root, name, text)
  git(root, 'init', '--quiet')
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '--message', 'one')
  return { root, commit: git(root, 'rev-parse', 'HEAD') }
}

const write = (root: string, name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}

const subject = { operations: ['listProducts'] }

t.test(
  'the files of an arm are its variant, handlers, imports and SQL, without other variants',
  async (t) => {
    const { root } = repositoryOf(t)
    t.strictSame(filesOf(root, subject, { scenarios: { E2: 'optimized' } }), [
      'apps/product/src/domain/page.ts',
      'apps/product/src/handlers/list-products.ts',
      `${folder}/optimized.ts`,
      `${folder}/optimized/pages.ts`,
      `${folder}/plugin.ts`,
      `${folder}/seam.ts`,
      'db/product/queries/product_get.sql',
    ])
  },
)

t.test(
  'in this repository, the files of the baseline of E4 include the SQL that it sends',
  async (t) => {
    const found = filesOf(
      repository,
      { operations: ['listMyOrders'] },
      { scenarios: { E4: 'baseline' } },
    )
    t.ok(found.includes('apps/order/src/handlers/list-my-orders.ts'))
    t.ok(found.some((file) => /e4-order-items\/baseline\.ts$/.test(file)))
    t.ok(found.some((file) => file.startsWith('db/order/queries/')))
  },
)

t.test('an arm in Go runs through the service in Go', async (t) => {
  const filesWith = (H4: string) =>
    filesOf(repository, { operations: ['createOrder'] }, { scenarios: { H4 } })
  t.ok(filesWith('optimized').includes('apps/order-go/internal/placing/placing.go'))
  t.notOk(filesWith('optimized').some((file) => file.endsWith('_test.go')))
  t.notOk(filesWith('baseline').some((file) => file.endsWith('.go')))
})

t.test('only changes in the files of the arm and of the baseline are counted', async (t) => {
  const { root, commit } = repositoryOf(t)
  accept(root, '2026-01-01-e2', { changes: { commit: `${commit} with changes` } })
  const found = () => staleOnes(readResults(root), linesSince(root))
  t.strictSame(found(), [])
  write(root, `${folder}/memory.ts`, 'export const two = 3\n')
  write(root, 'apps/product/src/handlers/get-product.ts', 'export const other = 2\n')
  t.strictSame(found(), [], 'of another variant, of another operation')
  write(root, `${folder}/optimized/pages.ts`, 'export const pages = 2\n')
  write(root, `${folder}/baseline.ts`, 'export const zero = 0\nexport const more = 1\n')
  write(root, 'db/product/queries/product_get.sql', 'select 2\n')
  t.match(found(), [{ measurement: 'e2', arm: 'optimized', lines: 2 + 1 + 2 }])
})

t.test('the files in the record are used, not those of today', async (t) => {
  const { root, commit } = repositoryOf(t)
  const noted = { baseline: [], optimized: ['apps/product/src/handlers/get-product.ts'] }
  accept(root, '2026-01-01-e2', { changes: { commit, files: noted } })
  write(root, `${folder}/optimized.ts`, 'nothing\n')
  t.strictSame(staleOnes(readResults(root), linesSince(root)), [])
  rmSync(join(root, 'apps/product/src/handlers/get-product.ts'))
  t.match(staleOnes(readResults(root), linesSince(root)), [{ lines: 1 }])
})

t.test('results of unknown commits come first, then those with the most changes', async (t) => {
  const { root, commit } = repositoryOf(t)
  accept(root, '2026-01-01-e2', { changes: { commit } })
  accept(root, '2026-01-02-e2-single', { changes: { commit: 'abcdef0' } })
  write(root, `${folder}/seam.ts`, '')
  t.match(staleOnes(readResults(root), linesSince(root)), [
    { measurement: 'e2-single', lines: undefined },
    { measurement: 'e2', lines: 1 },
  ])
})

t.test(
  'the page shows the changed lines beside the verdict, and the check ignores the number',
  async (t) => {
    const { root, commit } = repositoryOf(t)
    accept(root, '2026-01-01-e2', { changes: { commit } })
    const page = 'docs/scenarios.md'
    t.match(documentsOf(root).get(page), / 0 lines changed since \|/)
    write(root, page, documentsOf(root).get(page) ?? '')
    write(root, `${folder}/seam.ts`, '')
    t.match(documentsOf(root).get(page), / 1 lines changed since \|/)
    t.strictSame([...staleIn(root).keys()], [])
  },
)
