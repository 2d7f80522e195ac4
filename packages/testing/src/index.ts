export { asService, asUser } from './as-user.ts'
export { assertRefused, type Refusal } from './assert-refused.ts'
export {
  type BuildOptions,
  buildApp,
  internalKey,
  type Test,
  testEnvironment,
} from './build-app.ts'
export { eachVariant } from './each-variant.ts'
export { freePort } from './free-port.ts'
export { type FreshDatabase, freshDatabase } from './fresh-database.ts'
export { goProgram } from './go-program.ts'
export { Link } from './link.ts'
export { type LongRun, longRun } from './long-run.ts'
export { type OwnKafka, ownKafka } from './own-kafka.ts'
export { ownPgbouncer, pgbouncerProgram } from './own-pgbouncer.ts'
export { type OwnRedis, ownRedis } from './own-redis.ts'
export { purchaseFlags } from './purchase-flags.ts'
export { type Servers, servers } from './servers.ts'
export { asAdmin, storedIn } from './stored.ts'
export { until } from './until.ts'
