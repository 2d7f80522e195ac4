import { ConfigError, type ScenarioId } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type DataScenarioOptions = {
  id: ScenarioId
  /** The variant of the flag. */
  variant: string
  /** Reads the variant from the database. Rejects if it is unavailable. */
  read: () => Promise<string>
}

/**
 * A scenario that the migrator switches in the database. The flag is only the expected variant.
 * `/health` shows the result of the last query, which runs at the start and after each `/health`.
 * Before the first result it shows the flag.
 *
 * @throws ConfigError if the database and the flag differ
 */
export const dataScenario = fp(async (app: FastifyInstance, options: DataScenarioOptions) => {
  await assertMatches(app, options)
  const { id, variant, read } = options
  let shown = variant
  const update = async (): Promise<void> => {
    const found = await read()
    const line = { scenario: id, variant: found, shown }
    if (found !== shown) app.log.warn(line, 'The database has another variant than /health showed')
    shown = found
  }
  let isUpdating = false
  const updateOnce = async (): Promise<void> => {
    if (isUpdating) return
    isUpdating = true
    // Readiness reports an unavailable database.
    await update().catch(() => {})
    isUpdating = false
  }
  app.showScenario(id, () => {
    void updateOnce()
    return shown
  })
})

/** The database may be unavailable at the start, which readiness reports, and return later. */
const assertMatches = async (
  { log }: FastifyInstance,
  { id, variant, read }: DataScenarioOptions,
): Promise<void> => {
  const found = await read().catch((err: unknown) => {
    log.warn({ err }, `${id} could not be read yet`)
    return variant
  })
  if (found !== variant) throw new ConfigError([mismatch(id, variant, found)])
}

const mismatch = (id: ScenarioId, wanted: string, found: string): string =>
  `Scenario ${id} is set to ${wanted}, but the database is at ${found}. Run npm run migrate with the settings of the services, as make run does, then start again.`
