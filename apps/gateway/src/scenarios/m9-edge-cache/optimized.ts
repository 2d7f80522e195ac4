import type { Operation } from '@flash-deal/contracts'
import { NotStarted } from '@flash-deal/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { toApiError } from '../../domain/failures.ts'
import { isAnonymous } from '../../domain/is-anonymous.ts'
import { announce, isKnown, notModified, notStored } from './conditional.ts'
import { conditionalOf } from './etag.ts'
import { CachedReads, type Read } from './optimized/cached-reads.ts'
import { canonicalReadOf } from './optimized/canonical-read.ts'
import { type AskProduct, initiatorOf, productReader } from './optimized/product-reader.ts'
import { isChange, publicReadAt } from './public-reads.ts'
import type { EdgeCache } from './seam.ts'

/**
 * Not cached, only conditional. The deals of a list change at times that the gateway does not know;
 * product knows them, and caches such pages exactly as long as they are correct (E3). The stock of a
 * product is never cached, as the contract promises: owners and tests count with it.
 */
const notKept = new Set(['listActiveDeals', 'getStock'])

/** Caches public reads in memory; owners' changes purge the cache. */
export const optimized: EdgeCache = ({ app, settings }) => {
  const { EDGE_CACHE_BYTES: bytesMax, EDGE_CACHE_TTL_MS: ttlMs } = settings
  const reads = new CachedReads({ bytesMax, ttlMs })
  const failedRefresh = (error: unknown): void =>
    app.causeLog.write(app.log, error, 'A cached read could not be refreshed')
  const parts = { reads, ask: productReader(app, settings), counts: countsIn(app), failedRefresh }
  const conditional = conditionalOf(app)
  const purge = purging(parts)
  const answers = new Map<Operation, onRequestHookHandler>()
  app.addHook('onRoute', (route) => {
    if (isChange(route)) route.onSend = withHook(route.onSend, purge)
    const operation = publicReadAt(route)
    if (operation === undefined) return
    if (notKept.has(operation.operationId)) return conditional(route)
    const answer = answers.get(operation) ?? answering(operation, parts)
    answers.set(operation, answer)
    route.onRequest = withHook(route.onRequest, answer)
  })
}

/** Registered once: Fastify creates the HEAD route from the GET route, with its hooks. */
const withHook = <Hook>(hooks: Hook | Hook[] | undefined, hook: Hook): Hook[] => {
  const all = hooks === undefined ? [] : ([hooks].flat() as Hook[])
  return all.includes(hook) ? all : [...all, hook]
}

type Counts = ReturnType<typeof countsIn>

const countsIn = (app: FastifyInstance) => ({
  hit: app.witness('M9', 'hit'),
  stale: app.witness('M9', 'stale'),
  joined: app.witness('M9', 'joined'),
  miss: app.witness('M9', 'miss'),
  passedOn: app.witness('M9', 'passed_on'),
  purged: app.witness('M9', 'purged'),
  notModified: app.witness('M9', 'not_modified'),
})

type Parts = {
  reads: CachedReads
  ask: AskProduct
  counts: Counts
  failedRefresh: (error: unknown) => void
}

const answering = (operation: Operation, parts: Parts): onRequestHookHandler => {
  const { reads, ask, counts, failedRefresh } = parts
  const canonical = canonicalReadOf(operation)
  return (request, reply, done) => {
    const path = isAnonymous(request) ? canonical(request) : undefined
    const passOn = (): void => {
      notStored(reply)
      done()
    }
    if (path === undefined) {
      counts.passedOn()
      return passOn()
    }
    const key = `${request.coding} ${path}`
    const start = (): Promise<Read> =>
      reads.start(key, () => ask(operation, path, initiatorOf(request)))
    const respond = (read: Read): void => send(request, reply, read, counts)
    const fail = (error: unknown): void => void notStored(reply).send(toApiError(error))
    const found = reads.find(key)
    const underWay = reads.underWay(key)
    if (found) {
      counts[found.isStale ? 'stale' : 'hit']()
      // Started first, because E6 may change the coding when the response is sent. If the refresh fails,
      // the next request tries again.
      if (found.isStale && !underWay) start().catch(failedRefresh)
      respond(found.read)
    } else if (underWay) {
      counts.joined()
      underWay
        .then(
          (read) => (isShared(read) ? respond(read) : passOn()),
          // It waited among the requests of another client, and product was not called.
          (error) => (error instanceof NotStarted ? passOn() : fail(error)),
        )
        .catch(fail)
    } else {
      counts.miss()
      start().then(respond).catch(fail)
    }
  }
}

/** Error responses, and responses that may be about to change, are not shared between clients. */
const isShared = ({ status, isCacheable }: Read): boolean => status === 200 && isCacheable

const send = (request: FastifyRequest, reply: FastifyReply, read: Read, counts: Counts): void => {
  reply.code(read.status).headers(read.headers)
  if (read.status !== 200) return void notStored(reply).send(read.body)
  announce(reply, read.tag)
  if (!isKnown(request, read.tag)) return void reply.send(read.body)
  counts.notModified()
  // Null would be sent as JSON.
  reply.send(notModified(request, reply) ?? undefined)
}

/**
 * Purges the cache before the response to an owner's change is sent. A failed change (5xx) may have
 * taken effect; a rejected one (4xx) has not.
 */
const purging =
  ({ reads, counts }: Parts) =>
  (
    _request: FastifyRequest,
    { statusCode }: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void => {
    if (statusCode < 400 || statusCode >= 500) {
      reads.purge()
      counts.purged()
    }
    done(null, payload)
  }
