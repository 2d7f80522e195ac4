export {
  Database,
  type DatabaseOptions,
  type Next,
  type Pools,
  type Queries,
  type Queryable,
  type Rows,
  type Statement,
  type Work,
} from './database.ts'
export { scansOf, variantByIndexes } from './indexes.ts'
export { database } from './plugin.ts'
export { isNotNullViolation, isUniqueViolation } from './postgres-error.ts'
export { connectionsOf } from './scenarios/e5-connection-pool/plugin.ts'
