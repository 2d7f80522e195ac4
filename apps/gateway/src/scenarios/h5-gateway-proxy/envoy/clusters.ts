import { isIP } from 'node:net'
import { type ProxiedOperation, proxiedOperations } from '../../../domain/proxied-operations.ts'
import { routeClassOf } from '../../../domain/route-class.ts'
import { boundsFrom, type RouteClassBounds } from '../../../domain/route-class-bounds.ts'
import { urlsOf } from '../../../domain/upstreams.ts'
import { type Json, typed } from './json.ts'
import type { EnvoyOptions } from './options.ts'
import { clusterOf, restCluster } from './route-table.ts'

/** The cluster of auth's public keys. */
export const keysCluster = 'auth-keys'

/** One cluster for each route class of a service, with its own connections and queue. */
export const clusters = ({ settings, gatewayUrl }: EnvoyOptions): Json[] => {
  const bounds = boundsFrom(settings)
  const urls = urlsOf(settings)
  const ofClass = ([name, [first]]: [string, ProxiedOperation[]]): Json[] =>
    first ? [cluster(name, urls[first.upstream], bounds[routeClassOf(first)])] : []
  return [
    ...[...Map.groupBy(proxiedOperations, clusterOf)].flatMap(ofClass),
    cluster(keysCluster, urls.auth, bounds.tokens),
    cluster(restCluster, [gatewayUrl], { concurrency: 256, queueMax: settings.UPSTREAM_QUEUE_MAX }),
  ]
}

const cluster = (name: string, urls: readonly string[], bounds: RouteClassBounds): Json => ({
  name,
  type: urls.every((url) => isIP(new URL(url).hostname) > 0) ? 'STATIC' : 'STRICT_DNS',
  connect_timeout: '1s',
  lb_policy: 'ROUND_ROBIN',
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: urls.map(endpoint) }],
  },
  circuit_breakers: { thresholds: [thresholds(bounds)] },
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      {
        // Shorter than the keep-alive of the services.
        common_http_protocol_options: { idle_timeout: '4s' },
        explicit_http_config: { http_protocol_options: {} },
      },
    ),
  },
})

const thresholds = ({ concurrency, queueMax }: RouteClassBounds): Json => ({
  max_connections: concurrency,
  // A request is pending until it has a connection, even if one may be opened. So the limit must not
  // be below the number of connections.
  max_pending_requests: Math.max(concurrency, queueMax),
  max_requests: concurrency + queueMax,
  retry_budget: { budget_percent: { value: 10 }, min_retry_concurrency: 10 },
})

const endpoint = (url: string): Json => {
  const { hostname, port } = new URL(url)
  const socket_address = { address: hostname, port_value: Number(port || 80) }
  return { endpoint: { address: { socket_address } } }
}
