import { createHash } from 'node:crypto'
import { createClient } from '@flash-deal/local/api-client'
import type { Template } from '../generator/protocol.ts'
import { logIn } from './account.ts'

/** Products for lists, and templates of their pages with the expected bodies. */

export const productNo = (index: number) => ({
  name: `Product ${index}`,
  price: 1_000 + index,
  stock: 100,
  description: `What is to be said of product ${index}, in about as many words as a shop has for it.`,
  category: ['audio', 'home', 'garden', 'books'][index % 4],
  image_url: `https://images.example.com/products/${index}.jpg`,
})

/** Creates this many products, ten at a time, for one user. @param url of the gateway */
export const createProducts = async (url: string, count: number): Promise<void> => {
  const api = createClient(url)
  const token = await logIn(api)
  for (let index = 0; index < count; index += 10) {
    const ten = Array.from({ length: Math.min(10, count - index) }, (_, offset) =>
      api('/products', { body: productNo(index + offset), token }),
    )
    await Promise.all(ten)
  }
}

/**
 * A template with the digest of the body, which must not change.
 *
 * @throws Error if the page is rejected
 */
export const pageAt = async (
  address: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Template> => {
  const response = await fetch(address + path, { headers })
  if (!response.ok) throw new Error(`${path} answers ${response.status}.`)
  const body = Buffer.from(await response.arrayBuffer())
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return {
    wire: `GET ${path} HTTP/1.1\r\nhost: lab\r\naccept: application/json\r\n${own.join('')}\r\n`,
    status: 200,
    digest: createHash('sha256').update(body).digest('hex'),
  }
}
