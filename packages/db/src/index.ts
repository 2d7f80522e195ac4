export {
  Database,
  type DatabaseOptions,
  type Queryable,
  type Rows,
  type Statement,
} from './database.ts'
export { database } from './plugin.ts'
export { isUniqueViolation } from './postgres-error.ts'
