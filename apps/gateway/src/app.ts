import { needsOf } from '@flash-deal/config'
import { documents } from '@flash-deal/contracts'
import { type App, contract, redis } from '@flash-deal/service'
import { proxiedOperations } from './domain/proxied-operations.ts'
import { handlers } from './handlers/index.ts'
import { browserSafety } from './plugins/browser-safety.ts'
import { deadline } from './plugins/deadline.ts'
import { docs, docsRoutes } from './plugins/docs.ts'
import { identity } from './plugins/identify.ts'
import { loadShedding } from './plugins/load-shedding.ts'
import { plainPaths } from './plugins/plain-paths.ts'
import { routePools } from './plugins/route-pools.ts'
import { services } from './plugins/services.ts'
import { compression } from './scenarios/e6-compression/plugin.ts'
import { gatewayProxy } from './scenarios/h5-gateway-proxy/plugin.ts'
import { tokenCache } from './scenarios/m2-token-cache/plugin.ts'
import { rateLimit } from './scenarios/m4-rate-limit/plugin.ts'
import { localVerify } from './scenarios/m6-local-verify/plugin.ts'
import { soldOut } from './scenarios/m7-sold-out/plugin.ts'
import { edgeCache } from './scenarios/m9-edge-cache/plugin.ts'

/** The gateway forwards the operations of the contracts with the caller's identity, and nothing else. */
export const gateway: App<'gateway'> = async (app, { settings, scenarios }) => {
  await app.register(plainPaths)
  await app.register(browserSafety, { corsOrigins: settings.CORS_ORIGINS })
  // Before the routes whose responses it compresses.
  await app.register(compression, { variant: scenarios.E6 })
  await app.register(docs)
  if (needsOf('gateway', scenarios).has('redis')) {
    await app.register(redis, { url: settings.REDIS_URL, timeoutMs: settings.REDIS_TIMEOUT_MS })
  }
  // Before all steps that cost more than a rejection.
  await app.register(rateLimit, { variant: scenarios.M4, settings })
  await app.register(services, { settings })
  await app.register(routePools, { settings })
  await app.register(loadShedding, { settings })
  // Before the routes that it caches.
  await app.register(edgeCache, { variant: scenarios.M9, settings })

  // Before the scenarios, so that the contract's rules for unknown paths apply to proxied routes too.
  await app.register(contract, {
    document: documents.gateway,
    handlers,
    externalOperations: proxiedOperations.map(({ operation }) => operation),
    otherRoutes: docsRoutes,
  })

  await app.register(deadline, { deadlineMs: settings.DEADLINE_MS })
  await app.register(identity)
  await app.register(localVerify, { variant: scenarios.M6, settings })
  await app.register(tokenCache, { variant: scenarios.M2, settings })
  // Before the routes whose orders it refuses.
  await app.register(soldOut, { variant: scenarios.M7, proxy: scenarios.H5 })
  await app.register(gatewayProxy, { variant: scenarios.H5, settings })
}
