export { type ClaimedToken, readAccessToken, type TokenRules } from './access-token.ts'
export { Batches, type BatchesOptions } from './batches.ts'
export { bearerToken } from './bearer-token.ts'
export { Bulkhead, type BulkheadOptions, type Leave } from './bulkhead.ts'
export { showRouteClasses } from './bulkhead-gauge.ts'
export { type CallContext, contextOf } from './call-context.ts'
export { type Coding, codingFor } from './content-coding.ts'
export { type ContractOptions, contract, type Handlers } from './contract.ts'
export { schemaOf } from './contract-schema.ts'
export { type CreateOptions, createService } from './create-service.ts'
export { type DataScenarioOptions, dataScenario } from './data-scenario.ts'
export { Deadline } from './deadline.ts'
export type { Handler, RequestOf, Serializable } from './handler.ts'
export { healthHandler, readyHandler } from './health.ts'
export { identity, requireUser } from './identity.ts'
export { jsonType } from './json-bodies.ts'
export { type PeriodicOptions, periodically } from './periodically.ts'
export { connectRedis, redis } from './redis.ts'
export { type App, type AppOptions, metricsPortOffset, runService } from './run-service.ts'
export { timeFrom } from './time.ts'
export {
  type TokenAlgorithm,
  type TokenKey,
  type TokenKeys,
  tokenKeysFrom,
} from './token-keys.ts'
export type { KnownRoute } from './unknown-paths.ts'
export { type Call, Upstream, type UpstreamOptions } from './upstream.ts'
export { validatorCompiler } from './validator.ts'
