import { join } from 'node:path'
import type { Environment } from '@flash-deal/config'

/** Has a service load one of these modules before its own; its heap stays as it is. */
export const loading = (plant: string): Environment => ({
  NODE_OPTIONS: `--max-semi-space-size=8 --import=${join(import.meta.dirname, plant)}`,
})
