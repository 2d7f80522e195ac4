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
export const dataScenario = fp(
  async (app: FastifyInstance, { id, variant, read }: DataScenarioOptions) => {
    let shown = variant
    const look = async (): Promise<void> => {
      const found = await read()
      if (found !== shown)
        app.log.warn({ scenario: id, variant: found }, 'The database was changed')
      shown = found
    }
    // An unavailable database is reported by readiness and may return.
    await look().catch((err: unknown) => app.log.warn({ err }, `${id} could not be read yet`))
    if (shown !== variant) throw new ConfigError([mismatch(id, variant, shown)])
    let isLooking = false
    const lookAgain = async (): Promise<void> => {
      if (isLooking) return
      isLooking = true
      await look().catch(() => {})
      isLooking = false
    }
    app.showScenario(id, () => {
      void lookAgain()
      return shown
    })
  },
)

const mismatch = (id: ScenarioId, wanted: string, found: string): string =>
  `Scenario ${id} is set to ${wanted}, but the database is at ${found}. Run npm run migrate with the settings of the services, as make run does, then start again.`
