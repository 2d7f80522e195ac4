import type { Settings } from '@flash-deal/config'

/** The inputs of the configuration besides the contracts. */
export type EnvoyOptions = {
  /** The gateway's settings; Envoy listens on HOST and GATEWAY_PORT. */
  settings: Settings<'gateway'>
  /** The address of the Node gateway, for all requests that Envoy does not handle. */
  gatewayUrl: string
  /** The port of the admin interface on the loopback address. */
  adminPort: number
  /** The headers that every response has. */
  safetyHeaders: Readonly<Record<string, string>>
}
