import { inSpan } from '@flash-deal/telemetry'
import { SpanKind } from '@opentelemetry/api'
import type { Redis } from 'ioredis'

/**
 * Gives each command of this client a span, with the name of the command and none of its arguments.
 * The diagnostics channels of ioredis publish a command when its pipeline is written, outside the
 * context of the request that called it.
 */
export const traceCommands = (client: Redis): void => {
  for (const command of client.getBuiltinCommands()) {
    if (command === 'multi') continue
    for (const method of [command, `${command}Buffer`]) traceMethod(client, command, method)
  }
}

type Call = (...args: unknown[]) => Promise<unknown>

const traceMethod = (client: Redis, command: string, method: string): void => {
  const plain: unknown = Reflect.get(client, method)
  if (!isCall(plain)) return
  const options = {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'redis', 'db.operation.name': command.toUpperCase() },
  }
  const traced: Call = (...args) =>
    inSpan(command.toUpperCase(), options, () => Reflect.apply(plain, client, args))
  Reflect.set(client, method, traced)
}

const isCall = (value: unknown): value is Call => typeof value === 'function'
