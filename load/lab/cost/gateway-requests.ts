import type { Template } from '../generator/protocol.ts'
import { postOf } from '../subjects/post-request.ts'

/** The requests of the gateway's measurements. */

const get = (path: string, headers: Readonly<Record<string, string>> = {}): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\nhost: lab\r\n${lines.join('')}\r\n`
}

const productId = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

/** M9 caches products, but not lists of deals. */
export const productRead: Template = { wire: get(`/products/${productId}`), status: 200 }

export const publicRead: Template = { wire: get('/products/deals'), status: 200 }

export const privateRead = (
  token: string,
  more: Readonly<Record<string, string>> = {},
): Template => ({
  wire: get('/orders', { authorization: `Bearer ${token}`, ...more }),
  status: 200,
})

/** A body of 300 bytes. */
export const order = (token: string): Template => ({
  wire: postOf('/orders', { authorization: `Bearer ${token}` }, { filler: 'x'.repeat(287) }),
  status: 200,
})

export const withoutValidToken: Template = { ...privateRead('a.b.c'), status: 401 }

export const beyondTheLimit: Template = { wire: get('/products'), status: 429 }
