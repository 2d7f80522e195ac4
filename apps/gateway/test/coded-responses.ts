import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { VariantOf } from '@flash-deal/config'
import { buildApp, type Test } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { gateway } from '../src/app.ts'
import { type Behaviour, fakeService } from './gateway-alone.ts'
import { listen } from './system.ts'

/** Raw responses; fetch would decode them. */

/** The Accept-Encoding of a browser. */
export const everything = 'gzip, deflate, br, zstd'

/** The coding of each variant for a client that accepts all. */
export const codingOf: Record<VariantOf<'E6'>, string | undefined> = {
  baseline: undefined,
  optimized: 'br',
  gzip: 'gzip',
  brotli: 'br',
  zstd: 'zstd',
}

export const asking = (coding: string) => ({ 'accept-encoding': coding })

export const id = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

export const publicPages = [
  '/products',
  '/products?page=2&size=20',
  `/products/${id}`,
  `/products/${id}/stock`,
  '/products/deals',
  `/products/deals/${id}`,
]

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

type Headers = Record<string, string>
export type CodedAnswer = {
  status: number
  headers: IncomingHttpHeaders
  /** The raw body, and the decoded body. */
  sent: Buffer
  text: string
}

/** The head of a response whose body is not read yet. */
export const responseOf = async (url: string, headers: Headers = {}, method = 'GET') => {
  const sent = request(url, { method, headers, agent: false }).end()
  const [response]: IncomingMessage[] = await once(sent, 'response')
  if (!response) throw new Error('No answer came.')
  return response
}

export const answerOf = async (...asked: Parameters<typeof responseOf>): Promise<CodedAnswer> => {
  const response = await responseOf(...asked)
  const { statusCode: status = 0, headers } = response
  const sent = await buffer(response)
  const decode = decoders[headers['content-encoding'] ?? ''] ?? ((bytes) => bytes)
  return { status, headers, sent, text: sent.length === 0 ? '' : decode(sent).toString() }
}

/** The gateway with a variant, and services with responses of the test. */
export const startCompressing = async (t: Test, variant: VariantOf<'E6'>, behave: Behaviour) => {
  const service = await fakeService(t, behave)
  const { url: AUTH_URLS } = await fakeService(t)
  const urls = { PRODUCT_URLS: service.url, ORDER_URLS: service.url, AUTH_URLS }
  const settings = { ...urls, CORS_ORIGINS: 'https://shop.example.com' }
  const app = await buildApp(t, 'gateway', gateway, { settings, scenarios: { E6: variant } })
  const url = await listen(app)
  const ask = (path: string, headers: Headers = {}, method = 'GET') =>
    answerOf(url + path, headers, method)
  return { app, service, url, ask }
}

/** What E6 has counted, as far as it has counted anything. */
export const witnessOf = async ({ metrics }: FastifyInstance): Promise<Record<string, number>> => {
  const line = /^scenario_witness_total\{scenario="E6",event="(\w+)"\} ([1-9]\d*)$/gm
  const found = (await metrics.metrics()).matchAll(line)
  return Object.fromEntries(Array.from(found, ([, event, count]) => [event, Number(count)]))
}

export const json = { 'content-type': 'application/json; charset=utf-8' }

/** JSON of exactly this many bytes, at least 12. */
export const bodyOf = (bytes: number): string =>
  `{"text":"${'Light and quiet. '.repeat(bytes).slice(0, bytes - 11)}"}`

/** A service that sends this response to every request. */
export const answering =
  (body: string | Buffer, headers: Headers = {}, status = 200): Behaviour =>
  (_, response) => {
    const length = `${Buffer.byteLength(body)}`
    response.writeHead(status, { ...json, 'content-length': length, ...headers }).end(body)
  }
