import { createClient } from '@flash-deal/local/api-client'
import { randomFrom } from '@flash-deal/local/random'
import { logIn } from './account.ts'
import { pageAt, productNo } from './product-pages.ts'
import type { Extent, Subject } from './subject.ts'

const productCounts = { full: 500, smoke: 50 }
const pageCount = 5
const pageSizeOf = (extent: Extent): number => productCounts[extent] / pageCount
const descriptionLength = 4_600

/** E6: a list with long texts, with the headers of a browser. */
export const e6: Subject = {
  id: 'E6',
  name: 'e6',
  question: 'the effect of compressed responses, with pages of 100 products of about 5 KB',
  // With auth and order, because the gateway's health includes them.
  // Compressing a page takes 10 ms.
  warmRequests: 3_000,
  operations: ['listProducts'],
  services: ['gateway', 'product', 'order', 'auth'],
  // Compressing a page takes 10 ms, so more clients would only wait longer.
  connections: 4,
  blocks: 3,
  witness: {
    baseline: [],
    optimized: ['passed_on'],
    gzip: ['gzip'],
    brotli: ['br'],
    zstd: ['zstd'],
  },
  ceiling: {
    what: 'a bare Fastify route that sends the same page from memory, uncompressed and without a gateway',
    program: 'same-bytes.ts',
  },
  comesToRest: true,

  async prepare({ url }, extent) {
    const products = productCounts[extent]
    const api = createClient(url)
    const token = await logIn(api)
    const random = randomFrom(6)
    for (let index = 0; index < products; index += 1) {
      await api('/products', { body: { ...productNo(index), description: prose(random) }, token })
    }
    return { products, 'rows a page': pageSizeOf(extent), 'pages asked for': pageCount }
  },

  templates: (address, _, extent) =>
    Promise.all(
      Array.from({ length: pageCount }, (_, index) =>
        pageAt(address, `/products?page=${index + 1}&size=${pageSizeOf(extent)}`, asBrowser),
      ),
    ),
}

/** The Accept-Encoding of browsers. */
const asBrowser = { 'accept-encoding': 'gzip, deflate, br, zstd' }

const syllables = [
  'ba',
  'con',
  'de',
  'fi',
  'gra',
  'in',
  'ka',
  'lo',
  'men',
  'no',
  'per',
  'ri',
  'sta',
  'ter',
  'un',
  'ver',
]
const wordCount = syllables.length ** 3
const precision = 1_000_000

/** A generated text whose word frequencies are those of a natural language (Zipf). */
const prose = ({ integer }: ReturnType<typeof randomFrom>): string => {
  const word = (): string =>
    wordNo(Math.floor(wordCount ** (integer(0, precision) / precision)) - 1)
  let text = word()
  while (text.length < descriptionLength) text += ` ${word()}`
  return text
}

/** Frequent words are shorter. */
const wordNo = (rank: number): string => {
  const { length } = syllables
  const [first, rest] = [syllables[rank % length] ?? '', Math.floor(rank / length)]
  return rest === 0 ? first : first + wordNo(rest - 1)
}
