/** Takes an HTTP/1.1 answer apart as it arrives. Only what has a Content-Length is understood. */
export class AnswerReader {
  #chunks: Buffer[] = []
  #received = 0
  #headLength = 0
  #wanted = Number.POSITIVE_INFINITY
  #status = 0

  /** Returns the answer when it is complete; a connection has one under way at a time. */
  push(chunk: Buffer): { status: number; body: Buffer; bytes: number } | undefined {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (this.#headLength === 0) this.#readHead()
    if (this.#received < this.#wanted) return undefined
    const whole = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const answer = {
      status: this.#status,
      body: whole.subarray(this.#headLength, this.#wanted),
      bytes: this.#received,
    }
    this.#chunks = []
    this.#received = 0
    this.#headLength = 0
    this.#wanted = Number.POSITIVE_INFINITY
    return answer
  }

  #readHead(): void {
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)
    const end = whole?.indexOf('\r\n\r\n') ?? -1
    if (!whole || end === -1) return
    const head = whole.toString('latin1', 0, end)
    this.#status = Number(head.slice(9, 12))
    this.#headLength = end + 4
    this.#wanted = this.#headLength + contentLength(head)
  }
}

const contentLength = (head: string): number => {
  const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  if (digits === undefined) throw new Error(`An answer without Content-Length: ${head}`)
  return Number(digits)
}
