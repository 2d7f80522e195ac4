import type { Telemetry, TelemetryOptions } from './telemetry.ts'
import { beginTracing } from './tracing.ts'

/** Where a collector on the same machine listens. */
const defaultEndpoint = 'http://127.0.0.1:4318'

const off: Telemetry = { onFailure: () => {}, stop: async () => {} }

/**
 * Starts the OpenTelemetry SDK if it is switched on; otherwise nothing of it is loaded. It is called
 * before anything that may be traced is constructed.
 */
export const startTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const endpoint = endpointOf(options.settings)
  if (endpoint === undefined) return off
  const { startSdk } = await import('./sdk.ts')
  const telemetry = startSdk(options, endpoint)
  beginTracing()
  return telemetry
}

const endpointOf = ({
  TELEMETRY: isOn,
  OTEL_EXPORTER_OTLP_ENDPOINT: given,
}: TelemetryOptions['settings']): string | undefined => {
  if (isOn === 'off') return undefined
  return isOn === 'on' ? (given ?? defaultEndpoint) : given
}
