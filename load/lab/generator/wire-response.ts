/** A response as it arrived. */
export type WireResponse = {
  status: number
  /** Not decoded. */
  body: Buffer
  /** The content coding of the body, if it has one. */
  coding: string | undefined
  /** Bytes of head and body on the wire. */
  bytes: number
}

/** Parses HTTP/1.1 responses as they arrive, with Content-Length or chunked. */
export class ResponseReader {
  #received: Buffer = none
  #head: Head | undefined

  /**
   * Returns the response when it is complete; a connection has one request in flight at a time.
   * @throws Error for a response without a defined end
   */
  push(chunk: Buffer): WireResponse | undefined {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    this.#head ??= headOf(this.#received)
    const body = this.#head && bodyOf(this.#received, this.#head)
    if (!this.#head || !body) return undefined
    const { status, coding } = this.#head
    const response = { status, coding, body, bytes: this.#received.length }
    this.#received = none
    this.#head = undefined
    return response
  }
}

const none = Buffer.alloc(0)

/** The length is undefined for a chunked body. */
type Head = {
  status: number
  end: number
  length: number | undefined
  coding: string | undefined
}

const headOf = (received: Buffer): Head | undefined => {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = received.toString('latin1', 0, end)
  const [, coding] = /\r\ncontent-encoding: *(\S+)/i.exec(head) ?? []
  return { status: Number(head.slice(9, 12)), end: end + 4, length: lengthIn(head), coding }
}

const lengthIn = (head: string): number | undefined => {
  const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  if (digits !== undefined) return Number(digits)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return undefined
  throw new Error(`A response without a length: ${head}`)
}

const bodyOf = (received: Buffer, { end, length }: Head): Buffer | undefined => {
  if (length === undefined) return dechunked(received, end)
  return received.length < end + length ? undefined : received.subarray(end, end + length)
}

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
const dechunked = (received: Buffer, begin: number): Buffer | undefined => {
  const parts: Buffer[] = []
  for (let at = begin; ; ) {
    const lineEnd = received.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (received.length < next) return undefined
    if (size === 0) return Buffer.concat(parts)
    parts.push(received.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}
