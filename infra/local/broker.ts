import { join } from 'node:path'
import { needing, type Scenarios, type Settings } from '@flash-deal/config'
import { findKafka, startKafka, waysToKafka } from './kafka.ts'
import { PlainError } from './plain-error.ts'
import type { WantedPort } from './ports.ts'
import type { SystemStart } from './system-start.ts'

/** Kafka: the brokers of KAFKA_BROKERS, or one broker that is started if a scenario needs it. */

const starts = ({ KAFKA_BROKERS }: Settings<'local'>, scenarios: Scenarios): boolean =>
  KAFKA_BROKERS.length === 0 && needing('kafka', scenarios).length > 0

/** The additional ports of the system then. */
export const kafkaPorts = (settings: Settings<'local'>, scenarios: Scenarios): WantedPort[] =>
  starts(settings, scenarios)
    ? (['KAFKA_PORT', 'KAFKA_CONTROLLER_PORT'] as const).map((setting) => ({
        setting,
        use: 'Kafka',
        port: settings[setting],
        host: '127.0.0.1',
      }))
    : []

/**
 * Finds Kafka before anything is started. The returned function starts it and resolves to its
 * addresses, which are empty if no scenario needs Kafka.
 *
 * @throws PlainError if it is needed and not available
 */
export const kafkaOf = async ({
  settings,
  resolved,
  inherited,
  tools,
  state,
  supervisor,
  abort,
}: SystemStart): Promise<() => Promise<readonly string[]>> => {
  const { KAFKA_BROKERS, KAFKA_PORT: port, KAFKA_CONTROLLER_PORT: controllerPort } = settings
  if (!starts(settings, resolved.scenarios)) return async () => KAFKA_BROKERS
  const found = await findKafka(inherited, { tools, abort })
  if ('reason' in found) {
    const names = needing('kafka', resolved.scenarios).join(', ')
    throw new PlainError(
      `${names} needs Kafka, and there is none: ${found.reason}. ${waysToKafka} Or switch it off.`,
    )
  }
  const folder = join(state, 'kafka')
  return async () => [
    await startKafka({ supervisor, program: found, folder, port, controllerPort }),
  ]
}
