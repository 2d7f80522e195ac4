import { needing, type Scenarios } from '@flash-deal/config'
import { kafkaOf } from './broker.ts'
import type { SystemStart } from './system-start.ts'

/** The addresses of Kafka for an additional instance with these scenarios; none if it needs none. */
export type BrokersFor = (scenarios: Scenarios) => Promise<readonly string[]>

/**
 * All instances use the Kafka of the system. If the system has none, the first instance that needs
 * Kafka starts it, and later ones share it.
 */
export const kafkaOnDemand = (start: SystemStart): BrokersFor => {
  const { settings, resolved } = start
  const isOfSystem = needing('kafka', resolved.scenarios).length > 0
  let started: Promise<readonly string[]> | undefined
  return async (scenarios) => {
    if (settings.KAFKA_BROKERS.length > 0) return settings.KAFKA_BROKERS
    if (isOfSystem) return [`127.0.0.1:${settings.KAFKA_PORT}`]
    if (needing('kafka', scenarios).length === 0) return []
    started ??= kafkaOf({ ...start, resolved: { ...resolved, scenarios } }).then((begin) => begin())
    return started
  }
}
