import type { Stack } from '@flash-deal/local/stack'

/** The address of the broker that the system has started. */
export const brokerOf = ({ settings }: Stack): string => `127.0.0.1:${settings.KAFKA_PORT}`
