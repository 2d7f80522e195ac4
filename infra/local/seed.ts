import './env-file.ts'
import { environment, readSettings } from '@flash-deal/config'
import { allPages, type Client, createClient } from './api-client.ts'
import { catalogue, type DemoProduct, featured, featuredCategory } from './demo-catalogue.ts'
import {
  ensureDeals,
  ensurePurchases,
  type Featured,
  type Product,
  type Seeded,
} from './demo-deals.ts'
import { PlainError, sentenceOf } from './plain-error.ts'
import { addressOf, servicesOf } from './services.ts'

/**
 * Seeds the demo catalogue through the API. Each step first checks whether its data exists, so a
 * second run changes nothing and an interrupted run is completed.
 */

const password = 'flash-deal-demo'
export const alice = { name: 'Alice', email: 'alice@example.com', password }
export const bob = { name: 'Bob', email: 'bob@example.com', password }

type User = typeof alice

export const seed = async (api: Client): Promise<Seeded> => {
  const [owner, buyer] = await Promise.all([signIn(api, alice), signIn(api, bob)])
  const products = await ensureProducts(api, owner)
  const deals = await ensureDeals(api, owner, products)
  await ensurePurchases(api, buyer, deals.nearlySoldOut)
  return deals
}

const signIn = async (api: Client, user: User): Promise<string> => {
  const first = await logIn(api, user)
  if (first !== undefined) return first
  await api('/auth/register', { body: user, expect: [409] })
  const token = await logIn(api, user)
  if (token !== undefined) return token
  throw new PlainError(
    `The demo user ${user.email} has another password. Run make reset to start again.`,
  )
}

const logIn = async (api: Client, { email }: User): Promise<string | undefined> => {
  const { body } = await api<{ access_token?: string }>('/auth/login', {
    body: { email, password },
    expect: [401],
  })
  return body.access_token
}

/** The featured products are created last: if they exist, the others exist, too. */
const ensureProducts = async (api: Client, token: string): Promise<Featured> => {
  const wanted = Object.values(featured)
  const query = `/products?category=${encodeURIComponent(featuredCategory)}`
  const there = await firstOfEachName(api, query)
  if (wanted.every(({ name }) => there.has(name))) return featuredOf(there)
  await createMissing(api, token, catalogue(), 16)
  await createMissing(api, token, wanted, 1)
  return featuredOf(await firstOfEachName(api, query))
}

const featuredOf = (products: Map<string, Product>): Featured => {
  const find = ({ name }: DemoProduct): Product => {
    const product = products.get(name)
    if (product) return product
    throw new PlainError(`The product "${name}" was created but is not in the list.`)
  }
  return {
    active: find(featured.active),
    scheduled: find(featured.scheduled),
    nearlySoldOut: find(featured.nearlySoldOut),
  }
}

const createMissing = async (
  api: Client,
  token: string,
  wanted: DemoProduct[],
  atATime: number,
) => {
  const there = await firstOfEachName(api, '/products?')
  const missing = wanted.filter(({ name }) => !there.has(name)).values()
  const work = async (): Promise<void> => {
    for (const body of missing) await api('/products', { body, token })
  }
  const works = await Promise.allSettled(Array.from({ length: atATime }, work))
  const failed = works.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}

const firstOfEachName = async (api: Client, query: string): Promise<Map<string, Product>> => {
  const products = await allPages<Product>(api, query)
  return new Map(products.map((product) => [product.name, product]))
}

if (import.meta.main) {
  const gateway = servicesOf(readSettings('local', environment())).find(
    ({ name }) => name === 'gateway',
  )
  try {
    if (gateway) await seed(createClient(addressOf(gateway)))
    console.log('The demo catalogue is seeded.')
  } catch (error) {
    console.error(
      `The demo catalogue could not be created. ${sentenceOf(error)} Is the system running (make run)?`,
    )
    process.exitCode = 1
  }
}
