import type { ScenarioId } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'

/** The counters of a scenario that are not zero. */
export const witnessOf = async (
  { metrics }: FastifyInstance,
  id: ScenarioId,
): Promise<Record<string, number>> => {
  const line = new RegExp(
    `^scenario_witness_total\\{scenario="${id}",event="(\\w+)"\\} ([1-9]\\d*)$`,
    'gm',
  )
  const found = (await metrics.metrics()).matchAll(line)
  return Object.fromEntries(Array.from(found, ([, event, count]) => [event, Number(count)]))
}
