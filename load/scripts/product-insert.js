import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { optionsFor, think, vusOf } from './lib/profile.js'
import { newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * VUS owners create products, one after the other. E1.
 *
 *     k6 run -e EXPECT=E1=optimized -e MODE=count -e COUNT=10000 load/scripts/product-insert.js
 */
const defaults = { vus: 20, duration: '30s', rate: 200 }

export const options = optionsFor(defaults)

const versions = { baseline: '4', optimized: '7' }

export const setup = () => {
  const { E1 } = assertExpected()
  return { version: versions[E1], tokens: newTokens(vusOf(defaults)) }
}

const productNo = (index) => ({
  name: `Teapot ${index}`,
  description: 'Holds a litre, keeps it warm for an hour, and pours without a drop beside the cup.',
  price: 1_000 + (index % 1_000),
  stock: 100,
  category: ['home', 'garden', 'books', 'audio'][index % 4],
  image_url: `https://images.example.com/teapots/${index}.jpg`,
})

const isMade = (product, version) => (made) =>
  made.id.length === 36 &&
  made.id[14] === version &&
  Object.entries(product).every(([field, value]) => made[field] === value)

export default ({ version, tokens }) => {
  const body = productNo(exec.scenario.iterationInTest)
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  const answer = call('POST', '/products', { token, body })
  checked(answer, 'product', 201, isMade(body, version))
  think(0)
}
