import type { Environment } from '@flash-deal/config'
import { freePorts } from '@flash-deal/local/ports'
import type { Stack } from '@flash-deal/local/stack'

/** An additional product service with its own flag. */
export type Shop = { variant: string; name: string; address: string; port: number }

/** @param id of the scenario: `E3` */
export const shopBeside = async (
  stack: Stack,
  id: string,
  variant: string,
  more: Environment = {},
): Promise<Shop> => {
  const [port = 0] = await freePorts(1)
  const name = `product with ${variant}`
  const settings = { [`SCENARIO_${id}`]: variant, ...more }
  const address = await stack.startBeside({ service: 'product', name, port, settings })
  return { variant, name, address, port }
}
