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

/** Answers as they go over the wire; fetch would decode them on its own. */

/** What a browser names. */
export const everything = 'gzip, deflate, br, zstd'

/** What each variant makes of an answer for a client that takes everything. */
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
  /** The body as it came, and as its reader takes it. */
  sent: Buffer
  text: string
}

/** The head of an answer; its body is still to be read. */
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

/** The gateway with a variant; the services behind it do what the test wants. */
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

/** JSON of exactly so many bytes, from 12 on. */
export const bodyOf = (bytes: number): string =>
  `{"text":"${'Light and quiet. '.repeat(bytes).slice(0, bytes - 11)}"}`

/** A service that gives this answer to everything. */
export const answering =
  (body: string | Buffer, headers: Headers = {}, status = 200): Behaviour =>
  (_, response) => {
    const length = `${Buffer.byteLength(body)}`
    response.writeHead(status, { ...json, 'content-length': length, ...headers }).end(body)
  }
