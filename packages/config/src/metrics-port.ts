/** The offset of the port of a service's metrics from the port of the service. */
export const metricsPortOffset = 1_000
