import { clusters } from './clusters.ts'
import { filters } from './filters.ts'
import { duration, type Json, typed } from './json.ts'
import { localReplies } from './local-replies.ts'
import type { EnvoyOptions } from './options.ts'
import { routeTable } from './route-table.ts'

/** Envoy's bootstrap configuration: no control plane, everything is known at the start. */
export const envoyConfig = (options: EnvoyOptions): Json => ({
  admin: { address: socket('127.0.0.1', options.adminPort) },
  // The lists of headers are long patterns of our own, which RE2 matches in linear time.
  layered_runtime: {
    layers: [
      {
        name: 'static',
        static_layer: {
          're2.max_program_size.error_level': 10_000,
          're2.max_program_size.warn_level': 10_000,
        },
      },
    ],
  },
  overload_manager: {
    resource_monitors: [
      {
        name: 'envoy.resource_monitors.global_downstream_max_connections',
        typed_config: typed(
          'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
          { max_active_downstream_connections: options.settings.CONNECTIONS_MAX },
        ),
      },
    ],
  },
  static_resources: { listeners: [listener(options)], clusters: clusters(options) },
})

const socket = (address: string, port_value: number): Json => ({
  socket_address: { address, port_value },
})

const listener = (options: EnvoyOptions): Json => ({
  name: 'gateway',
  address: socket(options.settings.HOST, options.settings.GATEWAY_PORT),
  // A response up to the limit is read from its service even if the client reads slowly.
  per_connection_buffer_limit_bytes: options.settings.RESPONSE_LIMIT_BYTES,
  socket_options: [unreadTimeout(options.settings.CLIENT_WRITE_TIMEOUT_MS)],
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: typed(
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            connectionManager(options),
          ),
        },
      ],
    },
  ],
})

/**
 * Linux's TCP_USER_TIMEOUT: a connection whose client takes nothing for this time is reset. Envoy's own
 * stream_flush_timeout does not see that with HTTP/1.1, where a response is complete once it is buffered.
 */
const unreadTimeout = (int_value: number): Json => ({ level: 6, name: 18, int_value })

const connectionManager = (options: EnvoyOptions): { [name: string]: Json } => ({
  stat_prefix: 'gateway',
  codec_type: 'HTTP1',
  route_config: routeTable(options),
  http_filters: filters(options),
  local_reply_config: localReplies,
  ...limits(options),
  ...strictness,
  use_remote_address: true,
  skip_xff_append: false,
  server_header_transformation: 'PASS_THROUGH',
  preserve_external_request_id: true,
  always_set_request_id_in_response: true,
})

/** Limits for slow clients and large requests. */
const limits = ({ settings }: EnvoyOptions): { [name: string]: Json } => ({
  request_headers_timeout: duration(settings.HEADERS_TIMEOUT_MS),
  request_timeout: duration(settings.REQUEST_TIMEOUT_MS),
  stream_idle_timeout: duration(settings.REQUEST_TIMEOUT_MS + settings.DEADLINE_MS),
  max_request_headers_kb: Math.ceil(settings.HEADERS_LIMIT_BYTES / 1_024),
  common_http_protocol_options: {
    idle_timeout: '72s',
    headers_with_underscores_action: 'DROP_HEADER',
  },
})

/** Paths are matched without normalization. */
const strictness: { [name: string]: Json } = {
  normalize_path: false,
  merge_slashes: false,
  path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
  http_protocol_options: {
    accept_http_10: true,
    default_host_for_http_10: 'gateway',
    allow_absolute_url: false,
  },
}
