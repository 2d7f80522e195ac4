import { ConfigError, type ScenarioId } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type DataScenarioOptions = {
  id: ScenarioId
  /** What the flag says. */
  variant: string
  /** What the database says; rejects where it does not answer. */
  read: () => Promise<string>
}

/**
 * A scenario that the migrator switches in the database; the flag only says what is expected there.
 * `/health` shows what the database said when it was asked last, which is at the start and after
 * each `/health`; while it has never answered, what the flag says.
 *
 * @throws ConfigError where the database says something else than the flag
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
    // One that is away may come later, and readiness says that it is away.
    await look().catch((err: unknown) => app.log.warn({ err }, `${id} is not known yet`))
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
