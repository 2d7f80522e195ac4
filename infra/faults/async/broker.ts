import type { Stack } from '@flash-deal/local/stack'

/** The address of the system's broker. */
export const brokerOf = ({ settings }: Stack): string => `127.0.0.1:${settings.KAFKA_PORT}`
