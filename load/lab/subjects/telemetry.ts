import { join } from 'node:path'
import type { Environment } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import type { Arm } from '../record.ts'
import { offerHotDeal } from './hot-deal.ts'
import { m1Orders } from './m1.ts'
import type { Subject } from './subject.ts'

/** The cost of telemetry: the same orders without spans, with all spans, and with one in a hundred. */

const collector = 'collector'

/** No Kafka runs in this system, so its port is free. */
const endpointOf = ({ settings }: Stack): string => `http://127.0.0.1:${settings.KAFKA_PORT}`

const on = (stack: Stack): Environment => ({
  TELEMETRY: 'on',
  OTEL_EXPORTER_OTLP_ENDPOINT: endpointOf(stack),
})

const environments: Readonly<Record<string, (stack: Stack) => Environment>> = {
  on,
  sampled: (stack) => ({ ...on(stack), OTEL_TRACES_SAMPLER_ARG: '0.01' }),
}

const off: Environment = { TELEMETRY: 'off' }

const startCollector = ({ supervisor, settings }: Stack): void => {
  if (supervisor.pid(collector) !== undefined) return
  supervisor.start({
    name: collector,
    kind: 'service',
    command: process.execPath,
    args: [join(import.meta.dirname, '../collector.ts'), String(settings.KAFKA_PORT)],
    env: {},
    output: 'lines',
  })
}

export const telemetry: Subject = {
  ...m1Orders,
  name: 'telemetry',
  question: 'the cost of the spans of a complete order',
  sameVariant: 'optimized',
  variants: ['on', 'sampled'],
  witness: { baseline: ['batch'], on: ['batch'], sampled: ['batch'] },
  targets: [],
  helpers: [collector],
  environment: (arm: Arm, stack: Stack) => environments[arm.name]?.(stack) ?? off,
  prepare: async (stack) => {
    startCollector(stack)
    return offerHotDeal(stack)
  },
}
