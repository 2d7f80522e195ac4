import { type Environment, resolveScenarios } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import type { Arm } from './record.ts'
import type { Subject } from './subjects/subject.ts'

/**
 * What belongs to one arm alone: a database if its load writes, and always a Valkey database number
 * and Kafka topics of its own. No arm processes the outbox, the queue or the cache of another.
 */
export type ArmState = {
  /** The stack with the databases of this arm. */
  stack: Stack
  /** The environment of the arm's processes. */
  environment: Environment
}

/** Valkey has 16 databases; processes outside the arms use 0. */
const numbersInValkey = 16

/**
 * The state of each arm. PostgreSQL copies a database only while it has no connections.
 *
 * @throws RangeError if there are more arms than Valkey databases
 */
export const armStatesOf = async (
  subject: Pick<Subject, 'onlyReads'>,
  stack: Stack,
  arms: readonly Arm[],
): Promise<ReadonlyMap<string, ArmState>> => {
  if (arms.length >= numbersInValkey) {
    throw new RangeError(
      `${arms.length} arms need more databases than Valkey has for them (${numbersInValkey - 1}).`,
    )
  }
  const states = new Map<string, ArmState>()
  for (const [index, arm] of arms.entries()) {
    const own = ownsDatabase(subject, arm) ? await copyFor(stack, arm, index) : undefined
    const redis = `redis://127.0.0.1:${stack.settings.VALKEY_PORT}/${index + 1}`
    states.set(arm.name, {
      stack: own?.stack ?? stack,
      environment: {
        REDIS_URL: redis,
        ...kafkaOf(arm),
        ...own?.environment,
      },
    })
  }
  return states
}

/**
 * Topics and consumer groups of its own, also where arms share a database. The name of a topic cannot
 * have every character of the name of an arm.
 */
export const kafkaOf = ({ name }: Pick<Arm, 'name'>): Environment => ({
  KAFKA_PREFIX: `${name.replaceAll(/[^\w.-]+/g, '-')}-`,
})

/** Arms that only read share the same rows; a ceiling stores nothing. */
const ownsDatabase = ({ onlyReads }: Pick<Subject, 'onlyReads'>, { role }: Arm): boolean =>
  onlyReads !== true && role !== 'ceiling'

const copyFor = async (stack: Stack, { scenarios }: Arm, index: number) => {
  const name = `arm_${index + 1}`
  await stack.copyDatabase(name, resolveScenarios({}, flagsOf(scenarios)).scenarios)
  const given = stack.settingsFor(name)
  const environment = Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
  const adminUrl = new URL(stack.adminUrl)
  adminUrl.pathname = `/${name}`
  const { PRODUCT_DATABASE_URL: productUrl = '', ORDER_DATABASE_URL: orderUrl = '' } = environment
  const databases = { productUrl, orderUrl }
  return { environment, stack: { ...stack, adminUrl: adminUrl.href, databases } }
}

/** The variants of an arm as an environment. */
export const flagsOf = (scenarios: Arm['scenarios']): Environment =>
  Object.fromEntries(Object.entries(scenarios).map(([id, variant]) => [`SCENARIO_${id}`, variant]))
