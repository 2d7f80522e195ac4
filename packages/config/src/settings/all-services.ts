import { number, oneOf, optionalAddress, port, ratio, secret, text } from '../kinds.ts'

/** The settings of every service. */
export const allServices = {
  NODE_ENV: oneOf(
    ['development', 'test', 'production'],
    'development',
    'In production every secret must be set; a default secret is rejected',
  ),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'The minimum level of log lines',
  ),
  HOST: text('127.0.0.1', 'The address that the services listen on'),
  INTERNAL_KEY: secret(
    'development-only',
    'The secret with which gateway and services authenticate to each other; the same for all',
  ),
  DEADLINE_MS: number(100, 60_000, 5_000, 'How long a request may take, in milliseconds'),
  DRAIN_MS: number(
    0,
    8_500,
    500,
    'How long a service accepts requests after SIGTERM, in milliseconds',
  ),
  HEADERS_TIMEOUT_MS: number(
    100,
    60_000,
    10_000,
    'How long the headers of a request may take to arrive, in milliseconds; at most REQUEST_TIMEOUT_MS',
  ),
  REQUEST_TIMEOUT_MS: number(
    100,
    600_000,
    10_000,
    'How long a whole request may take to arrive, in milliseconds',
  ),
  HEADERS_LIMIT_BYTES: number(
    4_096,
    65_536,
    16_384,
    'The maximum size of the URL and the headers of a request together, in bytes',
  ),
  BODY_LIMIT_BYTES: number(1_024, 10_485_760, 131_072, 'The maximum size of a body, in bytes'),
  CLIENT_WRITE_TIMEOUT_MS: number(
    100,
    600_000,
    5_000,
    'A client that reads nothing of its response for this time is disconnected, in milliseconds',
  ),
  UNREAD_LIMIT_BYTES: number(
    1_048_576,
    8_589_934_592,
    134_217_728,
    'Unread bytes of all clients together, beyond which the slowest are disconnected',
  ),
  CONNECTIONS_MAX: number(10, 1_000_000, 10_000, 'Connections that a service accepts'),
  CONNECTIONS_PER_ADDRESS: number(
    1,
    1_000_000,
    1_000,
    'Connections that a service accepts from one address, except from TRUSTED_PROXIES',
  ),
  TELEMETRY: oneOf(
    ['auto', 'on', 'off'],
    'auto',
    'Whether spans are recorded; auto means if OTEL_EXPORTER_OTLP_ENDPOINT is set',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalAddress(
    'The collector that gets the spans by OTLP over HTTP; http://127.0.0.1:4318 with TELEMETRY=on',
  ),
  OTEL_TRACES_SAMPLER_ARG: ratio(
    1,
    'The share of new traces that is recorded; a trace of a caller is recorded if the caller records it',
  ),
}

/** The ports of the services. */
export const ports = {
  GATEWAY_PORT: port(
    8000,
    'Port of the gateway. Metrics of each process are on its port plus 1,000',
  ),
  AUTH_PORT: port(8001, 'Port of auth'),
  PRODUCT_PORT: port(8002, 'Port of product'),
  ORDER_PORT: port(8003, 'Port of order'),
  PRODUCT_GRPC_PORT: port(8012, 'Port of product for gRPC, with SCENARIO_H1=grpc'),
}
