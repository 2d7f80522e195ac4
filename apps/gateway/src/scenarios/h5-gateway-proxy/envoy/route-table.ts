import {
  isChecked,
  isRead,
  isStream,
  type ProxiedOperation,
  proxiedOperations,
} from '../../../domain/proxied-operations.ts'
import { routeClassOf } from '../../../domain/route-class.ts'
import { fixedPaths, isFixed, methodsOf, withPatterns } from '../contract-paths.ts'
import { duration, type Json, typed } from './json.ts'
import type { EnvoyOptions } from './options.ts'

/** Operations of one service that share connections and a queue. */
export const clusterOf = (each: ProxiedOperation): string =>
  `${each.upstream}-${routeClassOf(each)}`

/** The cluster of the Node gateway. */
export const restCluster = 'gateway'

/**
 * The allow-list of the contracts. Everything else goes to the Node gateway, which serves health,
 * documentation, 404 and 405.
 */
export const routeTable = (options: EnvoyOptions): Json => ({
  name: 'contracts',
  virtual_hosts: [
    {
      name: 'contracts',
      domains: ['*'],
      routes: routes(options),
    },
  ],
})

const routes = (options: EnvoyOptions): Json[] => {
  const routesWhere = (isWanted: (path: string) => boolean): Json[] =>
    proxiedOperations
      .filter(({ operation }) => isWanted(operation.path))
      .map((each) => route(each, options))
  return [
    tunnel,
    ...routesWhere(isFixed),
    // With every other method.
    ...[...fixedPaths].map((path) => rest(options, { path })),
    ...routesWhere((path) => !isFixed(path)),
    rest(options, { prefix: '/' }),
  ]
}

const pathOf = ({ operation: { path } }: ProxiedOperation): { [name: string]: Json } =>
  isFixed(path) ? { path } : { safe_regex: { regex: withPatterns(path) } }

const route = (each: ProxiedOperation, options: EnvoyOptions): Json => ({
  name: each.operation.operationId,
  match: {
    ...pathOf(each),
    headers: [
      { name: ':method', string_match: { safe_regex: { regex: methodsOf(each).join('|') } } },
    ],
  },
  route: {
    cluster: clusterOf(each),
    // A stream has no time limit; its heartbeats prevent the idle timeout.
    timeout: isStream(each) ? '0s' : duration(options.settings.DEADLINE_MS),
    host_rewrite_literal: each.upstream,
    ...(isRead(each) && { retry_policy: retryOnce }),
  },
  request_headers_to_add: headersFor(options),
  request_headers_to_remove: each.upstream === 'auth' ? [] : ['authorization'],
  typed_per_filter_config: isChecked(each) ? {} : withoutToken,
})

/** A failed request may have taken effect, so only reads are retried. */
const retryOnce: Json = {
  retry_on: 'reset,connect-failure',
  num_retries: 1,
  retry_back_off: { base_interval: '0.01s', max_interval: '0.03s' },
}

const headersFor = ({ settings }: EnvoyOptions): Json =>
  Object.entries({
    'x-internal-key': settings.INTERNAL_KEY,
    'x-deadline-ms': String(settings.DEADLINE_MS),
    'x-forwarded-for': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  }).map(([key, value]) => ({
    header: { key, value },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  }))

const off: Json = typed('envoy.config.route.v3.FilterConfig', { disabled: true })

const withoutToken: { [name: string]: Json } = {
  authorization: off,
  'envoy.filters.http.jwt_authn': off,
  'envoy.filters.http.rbac': off,
}

/** CONNECT is rejected. */
const tunnel: Json = { match: { connect_matcher: {} }, direct_response: { status: 405 } }

const rest = ({ settings }: EnvoyOptions, match: Json): Json => ({
  match,
  route: { cluster: restCluster, timeout: duration(settings.DEADLINE_MS) },
  typed_per_filter_config: {
    ...withoutToken,
    'envoy.filters.http.header_mutation': off,
  },
})
