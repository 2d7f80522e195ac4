import t from 'tap'
import { filled, idsIn } from '../markers.ts'

/** What is written between the markers of a page. */

const fill = (page: string) => filled(page, 'page.md', (id) => `what ${id} is worth`)

const page = `# A page
<!-- results:e2 -->
old figures

| of | before |
<!-- /results -->
and its words
<!-- results:m1 -->
<!-- /results -->
`

t.test('results replace the text between the markers', async (t) => {
  t.equal(
    fill(page),
    `# A page
<!-- results:e2 -->
what E2 is worth
<!-- /results -->
and its words
<!-- results:m1 -->
what M1 is worth
<!-- /results -->
`,
  )
})

t.test('filling a page a second time does not change it', async (t) => {
  t.equal(fill(fill(page)), fill(page))
})

t.test('a page without markers does not change, even if it mentions them', async (t) => {
  const words = '# A page\n\nFigures stand between `<!-- results:e2 -->` and `<!-- /results -->`.\n'
  t.equal(fill(words), words)
})

t.test('the scenarios of a page are those of its markers', async (t) => {
  const fair = '<!-- results:fairness -->\n<!-- /results -->\n'
  t.strictSame(idsIn(`${page}${fair}`, 'page.md'), ['E2', 'M1'])
  t.strictSame(idsIn('# A page\n', 'page.md'), [])
})

const refused = {
  'an unknown scenario': [
    '<!-- results:e99 -->\n<!-- /results -->\n',
    /^page\.md: there are no results of "e99"\. Known: e1, e2, .*h5, fairness, cost-layers, cost-gateway, cost-purchase, highlights\.$/,
  ],
  'a marker without its end': [
    '<!-- results:e2 -->\n# More words\n',
    /^page\.md: results:e2 needs one <!-- \/results -->\.$/,
  ],
  'two markers with one end': [
    '<!-- results:e2 -->\n<!-- results:m1 -->\n<!-- /results -->\n',
    /^page\.md: results:e2 needs one/,
  ],
  'a second end': [
    '<!-- results:e2 -->\n<!-- /results -->\n<!-- /results -->\n',
    /^page\.md: results:e2 needs one/,
  ],
  'an end without a beginning': [
    '# Words\n<!-- result:e2 -->\n<!-- /results -->\n',
    /^page\.md: a results marker ends, but none began\.$/,
  ],
} as const

for (const [title, [text, message]] of Object.entries(refused)) {
  t.test(`${title} is an error that names the page`, async (t) => {
    t.throws(() => fill(text), { name: 'PlainError', message })
  })
}
