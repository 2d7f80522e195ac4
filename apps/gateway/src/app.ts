import { documents } from '@flash-deal/contracts'
import { type App, contract } from '@flash-deal/service'
import { proxiedOperations } from './domain/proxied-operations.ts'
import { handlers } from './handlers/index.ts'
import { browserSafety } from './plugins/browser-safety.ts'
import { docs } from './plugins/docs.ts'
import { plainPaths } from './plugins/plain-paths.ts'
import { services } from './plugins/services.ts'
import { compression } from './scenarios/e6-compression/plugin.ts'
import { gatewayProxy } from './scenarios/h5-gateway-proxy/plugin.ts'
import { localVerify } from './scenarios/m6-local-verify/plugin.ts'

/** The one door: what the contracts name goes through, with the caller's identity; nothing else. */
export const gateway: App<'gateway'> = async (app, { settings, scenarios }) => {
  await app.register(plainPaths)
  await app.register(browserSafety, { corsOrigins: settings.CORS_ORIGINS })
  // Before the routes whose answers it compresses.
  await app.register(compression, { variant: scenarios.E6 })
  await app.register(docs)
  await app.register(services, { settings })

  // Before the scenarios: what the contract says of unknown paths holds for the proxied ones too.
  await app.register(contract, {
    document: documents.gateway,
    handlers,
    elsewhere: proxiedOperations.map(({ operation }) => operation),
  })

  await app.register(localVerify, { variant: scenarios.M6 })
  await app.register(gatewayProxy, { variant: scenarios.H5, settings })
}
