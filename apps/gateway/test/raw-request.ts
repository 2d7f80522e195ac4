import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Answer } from './client.ts'

export type RawRequest = {
  /** Alternating names and values, sent unchanged. */
  headers?: string[]
  body?: Buffer | string
  /** Leaves the request incomplete, as if its Content-Length were too large. */
  unfinished?: boolean
  /** Names no length: the headers name the coding instead. */
  chunked?: boolean
}

/** A request with exactly these bytes and headers. */
export const sendRaw = async (url: string, call: string, raw: RawRequest): Promise<Answer> => {
  const [method = '', path = ''] = call.split(' ')
  const { headers = [], body = '', unfinished = false, chunked = unfinished } = raw
  const lengths = chunked ? [] : ['content-length', String(Buffer.byteLength(body))]
  const sent = request(`${url}${path}`, {
    method,
    headers: ['host', 'shop', ...headers, ...lengths],
  })
  if (unfinished) sent.write(body)
  else sent.end(body)
  try {
    const [response]: IncomingMessage[] = await once(sent, 'response')
    if (!response) throw new Error('No answer came.')
    return await answerFrom(response)
  } finally {
    // The server may have closed the connection without reading the body.
    sent.on('error', () => {}).destroy()
  }
}

const answerFrom = async (response: IncomingMessage): Promise<Answer> => {
  const { statusCode = 0, rawHeaders } = response
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  const written = await text(response)
  const isJson = headers.get('content-type')?.startsWith('application/json') ?? false
  const body = isJson && written !== '' ? JSON.parse(written) : undefined
  return { status: statusCode, headers, text: written, body }
}
