import type { ServiceSettings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { limitConnections } from './connection-count.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { IsTrustedProxy } from './trusted-proxies.ts'
import { closeUnread } from './unread-responses.ts'

type Options = { settings: ServiceSettings; isTrustedProxy: IsTrustedProxy }

const reasons = ['pipelined', 'address', 'total', 'unread', 'unread_total']

/** Limits of client connections. A client beyond a limit is disconnected and counted. */
export const connections = fp(
  async (app: FastifyInstance, { settings, isTrustedProxy }: Options) => {
    const closed = new Counter({
      name: 'connections_closed_total',
      help: 'Connections closed because a client exceeded a limit',
      labelNames: ['reason'],
      registers: [app.metrics],
    })
    // Exported from the start, so that the first one is an increase.
    for (const reason of reasons) closed.inc({ reason }, 0)
    const onClose = (reason: string): void => closed.inc({ reason })
    oneAtATime(app, () => onClose('pipelined'))
    limitConnections(app.server, {
      max: settings.CONNECTIONS_MAX,
      perAddress: settings.CONNECTIONS_PER_ADDRESS,
      isExempt: isTrustedProxy,
      onClose,
    })
    const stop = closeUnread(app.server, {
      timeoutMs: settings.CLIENT_WRITE_TIMEOUT_MS,
      totalMax: settings.UNREAD_LIMIT_BYTES,
      onClose,
    })
    app.addHook('onClose', async () => stop())
  },
  { name: 'connections', dependencies: ['metrics'] },
)
