import { type OpenApiDocument, type Operation, operationsOf } from '@flash-deal/contracts'
import { ApiError, errorBody } from '@flash-deal/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { AdaptiveLimit } from './adaptive-limit.ts'
import { refusalOfAmbiguous } from './ambiguous-requests.ts'
import { routeOf, schemaOf, successStatusOf } from './contract-schema.ts'
import { healthHandler, readyHandler } from './health.ts'
import { requireInternal, requireUser } from './identity.ts'
import { forgetOtherTypes, takeOnlyJson } from './json-bodies.ts'
import { showLoads } from './load-gauge.ts'
import { answerUnknown, type KnownRoute } from './unknown-paths.ts'
import { validatorCompiler } from './validator.ts'

type AnyHandler = (request: FastifyRequest<never>, reply: FastifyReply) => Promise<unknown>

/** Sets `request.userId`. @throws ApiError UNAUTHORIZED, INVALID_TOKEN */
export type Authenticate = onRequestHookHandler | ((request: FastifyRequest) => Promise<void>)

export type Handlers = Readonly<Record<string, AnyHandler>>

export type ContractOptions = {
  document: OpenApiDocument
  /** One handler per operationId. `health` and `ready` exist already. */
  handlers: Handlers
  /** Identifies the user of an operation with a bearer token. */
  authenticate?: Authenticate
  /** Operations that this app serves without handlers of the contract; needed for 405. */
  externalOperations?: readonly Operation[]
  /** Routes that are in no contract; needed for 405. */
  otherRoutes?: readonly KnownRoute[]
}

/**
 * Registers routes, validation and serialization from a contract. A missing or unknown handler fails
 * the boot. A response with a status that is not in the contract becomes a 500.
 */
export const contract = fp(
  async (app: FastifyInstance, options: ContractOptions) => {
    const { document, externalOperations = [], otherRoutes } = options
    const operations = operationsOf(document)
    const handlers = { health: healthHandler, ready: readyHandler, ...options.handlers }
    assertComplete(app.serviceName, operations, handlers)
    app.setValidatorCompiler(validatorCompiler)
    takeOnlyJson(app)
    // Hooks of this scope run for unknown paths only with a not-found handler in it.
    app.setNotFoundHandler(async () => Promise.reject(new ApiError('NOT_FOUND')))
    const all = [...operations, ...externalOperations]
    app.addHook('onRequest', answerUnknown(all, otherRoutes))
    const refusalOf = refusalOfAmbiguous(all)
    // Runs after authentication: a request without a token gets 401 first.
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const refusal = refusalOf(request)
      forgetOtherTypes(request)
      done(refusal, payload)
    })
    const limits = limitsOf(operations)
    if (Object.keys(limits).length > 0) showLoads(app.metrics, gauge, limits)
    for (const operation of operations)
      route(app, operation, handlers, { ...options, limit: limits[operation.operationId] })
  },
  { name: 'contract', dependencies: ['health'] },
)

/** A change by a user consists of several steps. A read is one statement, which waits in its pool. */
const isChange = ({ method, secured }: Operation): boolean =>
  method !== 'get' && secured === 'bearer'

/** Below the time that a statement may wait for a connection. */
const lateMs = 1_000

/**
 * The limit of all requests of an operation in a process. `min` is the number of order requests
 * that a gateway sends at once by default; `initial` is the number of calls that may run (64) or
 * wait (256).
 */
const changeLimit = (): AdaptiveLimit =>
  new AdaptiveLimit({ initial: 320, min: 64, max: 1_000, lateMs })

/** By the operation's id. */
const limitsOf = (operations: readonly Operation[]): Readonly<Record<string, AdaptiveLimit>> =>
  Object.fromEntries(
    operations.filter(isChange).map(({ operationId }) => [operationId, changeLimit()]),
  )

const gauge = {
  name: 'operation_requests',
  help: 'Requests of an operation in progress, and the limit of that number at the moment',
  label: 'operation',
}

type RouteOptions = Pick<ContractOptions, 'authenticate'> & { limit: AdaptiveLimit | undefined }

const route = (
  app: FastifyInstance,
  operation: Operation,
  handlers: Handlers,
  { authenticate = requireUser, limit }: RouteOptions,
): void => {
  const success = successStatusOf(operation)
  const handler = limited(handlers[operation.operationId] as AnyHandler, limit)
  app.route({
    method: operation.method.toUpperCase(),
    url: routeOf(operation),
    schema: schemaOf(operation),
    config: { operationId: operation.operationId },
    onRequest: [...guards[operation.secured](authenticate), ...(limit ? [refuseEarly(limit)] : [])],
    ...(operation.requestBody?.required === false && { preValidation: refuseNull }),
    preSerialization: onlyDeclared(operation),
    handler: (request, reply) => handler(request as never, reply.code(success)),
  })
}

/** Before the body is read. A request takes its place only after that: its body may be slow. */
const refuseEarly =
  (limit: AdaptiveLimit): onRequestHookHandler =>
  (_request, _reply, done) =>
    done(limit.refusal())

const limited = (handler: AnyHandler, limit: AdaptiveLimit | undefined): AnyHandler =>
  limit ? (request, reply) => limit.run(() => handler(request, reply)) : handler

/** The validator of an optional body cannot distinguish `null` from an absent body. */
const refuseNull = async ({ body }: FastifyRequest): Promise<void> => {
  if (body === null) throw new ApiError('VALIDATION_ERROR', { details: { body: 'must be object' } })
}

const guards: Record<Operation['secured'], (authenticate: Authenticate) => Authenticate[]> = {
  public: () => [],
  bearer: (authenticate) => [authenticate],
  internal: () => [requireInternal],
}

/**
 * Errors before the handler: no Host, a user header without the internal key, a method that the path
 * does not have but that matches the route of another, a slow request, oversized trailers or chunk
 * extensions, an unknown Expect. Not 404, so that a handler with an undeclared one is found.
 */
const ofAnyRequest = [400, 401, 405, 408, 413, 417, 431]

type Serialized = (error: null, payload: unknown) => void

/** A status that is not in the contract becomes a 500 and is logged. */
const onlyDeclared = ({ operationId, responses }: Operation) => {
  const declared = new Set([...ofAnyRequest, ...Object.keys(responses).map(Number)])
  const onUndeclared = (request: FastifyRequest, reply: FastifyReply) => {
    const { statusCode } = reply
    request.log.error({ operationId, statusCode }, 'A status that the contract does not name')
    reply.code(500)
    return errorBody(request, new ApiError('INTERNAL_ERROR'))
  }
  return (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Serialized) =>
    done(null, declared.has(reply.statusCode) ? payload : onUndeclared(request, reply))
}

/** @throws Error naming the operations without a handler and the handlers without an operation */
const assertComplete = (
  service: string,
  operations: readonly Operation[],
  handlers: Handlers,
): void => {
  const ids = operations.map(({ operationId }) => operationId)
  const missing = ids.filter((id) => !Object.hasOwn(handlers, id))
  const surplus = Object.keys(handlers).filter((id) => !ids.includes(id))
  if (missing.length === 0 && surplus.length === 0) return
  throw new Error(
    `The handlers of ${service} do not fit its contract: missing [${missing}], surplus [${surplus}].`,
  )
}
