import type { AppName, Scenarios, Settings } from '@flash-deal/config'

export type TelemetryOptions = {
  name: AppName
  settings: Pick<
    Settings<'order'>,
    'TELEMETRY' | 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'
  >
  scenarios: Scenarios
}

export type Telemetry = {
  /** Called at most once a minute with the last failure of an export, and how many there were. */
  onFailure(listener: (failure: unknown, count: number) => void): void
  /** Exports what has been recorded, within half a second. What does not arrive by then is lost. */
  stop(): Promise<void>
}
