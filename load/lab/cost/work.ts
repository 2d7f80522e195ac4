import type { Template } from '../generator/protocol.ts'

/** One kind of request whose cost is measured. */
export type Work = {
  name: string
  port: number
  templates: readonly Template[]
  /** Process ids by the name of the process, without the generator. */
  processes: Readonly<Record<string, readonly number[]>>
  /** Bytes that the process has allocated on its heap since its start, if it reports them. */
  allocatedBytes?: () => Promise<number>
  /** Totals of the other counters, by name. */
  counts?: () => Promise<Readonly<Record<string, number>>>
}

/** The costs of one slice of one kind of work. */
export type Sample = {
  work: string
  requests: number
  /** Microseconds of CPU for each request, by process. */
  cpuUs: Readonly<Record<string, number>>
  /** Bytes allocated for each request, if the process reports them. */
  allocated?: number
  /** Counters for each request, by name. */
  counted?: Readonly<Record<string, number>>
  perSecond: number
  meanMs: number
}

/** The name of the work that is the unit of all others. */
export const bareName = 'bare route'

export const bareTemplate: Template = {
  wire: 'GET / HTTP/1.1\r\nhost: lab\r\n\r\n',
  status: 200,
}
