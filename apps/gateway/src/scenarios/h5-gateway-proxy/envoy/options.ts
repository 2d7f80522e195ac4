import type { Settings } from '@flash-deal/config'

/** What the configuration depends on, apart from the contracts. */
export type EnvoyOptions = {
  /** Of the gateway; Envoy listens on its HOST and GATEWAY_PORT. */
  settings: Settings<'gateway'>
  /** Where the Node gateway is, for what Envoy does not answer. */
  gatewayUrl: string
  /** Of the admin interface, on the loopback address. */
  adminPort: number
  /** The headers that every response has. */
  safetyHeaders: Readonly<Record<string, string>>
}
