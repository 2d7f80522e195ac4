import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A collector that stores the spans that it receives by OTLP over HTTP; it parses those in JSON. */

export type Span = {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  service: string
  name: string
  /** SERVER, CLIENT, PRODUCER, CONSUMER or INTERNAL. */
  kind: string
  attributes: Readonly<Record<string, string | number | boolean>>
  links: readonly string[]
  isFailed: boolean
}

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean }
type Attribute = { key: string; value: Value }
type Sent = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: Attribute[]
  links?: { spanId: string }[]
  status?: { code?: number }
}
type Export = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Sent[] }[] }[]
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

export class OtlpReceiver {
  readonly #server: Server
  /** The raw bodies of all exports. */
  bodies: string[] = []
  /** Exports in Protobuf, from services in Go. */
  binary: Buffer[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  /** @param isHanging whether it accepts exports and never responds */
  static async start({ isHanging = false } = {}): Promise<OtlpReceiver> {
    const server = createServer()
    const receiver = new OtlpReceiver(server)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void receiver.#receive(request).then(() => {
        if (!isHanging) response.setHeader('content-type', 'application/json').end('{}')
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return receiver
  }

  async #receive(request: IncomingMessage): Promise<void> {
    const body = await buffer(request)
    if (request.headers['content-type'] === 'application/json') this.bodies.push(body.toString())
    else this.binary.push(body)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get spans(): Span[] {
    return this.#exports.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) => {
        const service = String(valuesOf(resource.attributes)['service.name'])
        return scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(span, service)))
      }),
    )
  }

  /** The attributes of the processes, by service. */
  get resources(): Record<string, Span['attributes']> {
    const all = this.#exports.flatMap(({ resourceSpans }) =>
      resourceSpans.map(({ resource }) => valuesOf(resource.attributes)),
    )
    return Object.fromEntries(all.map((each) => [String(each['service.name']), each]))
  }

  get #exports(): Export[] {
    return this.bodies.map((body) => JSON.parse(body) as Export)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

const spanOf = (sent: Sent, service: string): Span => ({
  traceId: sent.traceId,
  spanId: sent.spanId,
  parentSpanId: sent.parentSpanId || undefined,
  service,
  name: sent.name,
  kind: kinds[sent.kind] ?? 'unknown',
  attributes: valuesOf(sent.attributes),
  links: (sent.links ?? []).map(({ spanId }) => spanId),
  isFailed: sent.status?.code === 2,
})

const valuesOf = (attributes: readonly Attribute[]): Span['attributes'] =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? intValue ?? doubleValue ?? boolValue ?? '',
    ]),
  )

/** The spans from the root to this one, as `service KIND name`, the root first. */
export const pathTo = (spans: readonly Span[], span: Span): string[] => {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return [...(parent ? pathTo(spans, parent) : []), `${span.service} ${span.kind} ${span.name}`]
}
