import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { periodically } from './periodically.ts'
import { runInSequence } from './run-in-sequence.ts'

/** Deletes up to this number of rows, the oldest first. Returns the number of deleted rows. */
type Deletion = (size: number) => Promise<number>

/** Named like the settings. */
type Settings = {
  RETENTION_INTERVAL_MS: number
  RETENTION_PAUSE_MS: number
  RETENTION_BATCH: number
}

export type RetentionOptions = {
  settings: Settings
  /** By the label of the counter. */
  deletions: Readonly<Record<string, Deletion>>
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Runs one round: deletes expired rows in batches until none is left. Once `stopping` is aborted,
     * no further batch is started.
     * @throws the first failure, after every deletion was tried
     */
    deleteOld(stopping?: AbortSignal): Promise<void>
  }
}

/**
 * Deletes old rows in small batches with a pause between them, to keep the load low. Several instances
 * may run at once: rows locked by one are skipped by the others.
 */
export const retention = fp(
  async (app: FastifyInstance, { settings, deletions }: RetentionOptions) => {
    const batches = { size: settings.RETENTION_BATCH, pauseMs: settings.RETENTION_PAUSE_MS }
    const count = counterIn(app)
    for (const name of Object.keys(deletions)) count(name, 0)
    app.decorate('deleteOld', async (stopping?: AbortSignal) => {
      const round = { ...batches, ...(stopping && { stopping }) }
      await runInSequence(Object.entries(deletions), ([name, deletion]) =>
        deleteAll(deletion, (rows) => count(name, rows), round),
      )
    })
    const intervalMs = settings.RETENTION_INTERVAL_MS
    const work = (stopping: AbortSignal) => app.deleteOld(stopping)
    await app.register(periodically, { name: 'retention', intervalMs, work })
  },
  { name: 'retention', dependencies: ['metrics'] },
)

type Round = { size: number; pauseMs: number; stopping?: AbortSignal }

const deleteAll = async (
  deletion: Deletion,
  count: (rows: number) => void,
  { size, pauseMs, stopping }: Round,
): Promise<void> => {
  while (!stopping?.aborted) {
    const rows = await deletion(size)
    count(rows)
    if (rows < size) return
    await pause(pauseMs, undefined, stopping && { signal: stopping }).catch(() => {})
  }
}

const counterIn = ({ metrics }: FastifyInstance) => {
  const counter = new Counter({
    name: 'retention_deleted_rows_total',
    help: 'Rows that were deleted because of their age',
    labelNames: ['table'],
    registers: [metrics],
  })
  return (table: string, rows: number): void => counter.inc({ table }, rows)
}
