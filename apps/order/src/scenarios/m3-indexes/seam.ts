import type { VariantOf } from '@flash-deal/config'

/**
 * M3: reads from PostgreSQL's catalogue which variant the database has. The migrator switches it
 * with the SQL files in db/scenarios/m3-indexes, so no variant has code here.
 */
export type ReadVariant = () => Promise<VariantOf<'M3'> | 'incomplete'>
