import type { VariantOf } from '@flash-deal/config'
import { scansOf, variantByIndexes } from '@flash-deal/db'
import { dataScenario } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { ReadVariant } from './seam.ts'

/** The indexes that db/scenarios/m3-indexes/up.sql creates in the schema of order. */
const table = 'orders'
const names = ['m3_orders_of_user']

/** M3: the indexes of the lists. The migrator creates and drops them. */
export const indexes = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'M3'> }) => {
    app.witnessFrom('M3', ['seq_scan', 'index_scan'], () => scansOf(app.db, table, names))
    const read: ReadVariant = () => variantByIndexes(app.db, names)
    await app.register(dataScenario, { id: 'M3', variant, read })
  },
  { name: 'm3-indexes', dependencies: ['database', 'metrics'] },
)
