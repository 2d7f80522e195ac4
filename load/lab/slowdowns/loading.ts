import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Environment } from '@flash-deal/config'

/**
 * Has a service load one of these modules before its own; its heap stays as it is. As an address it
 * holds no space, at which Node would split the options.
 */
export const loading = (plant: string): Environment => ({
  NODE_OPTIONS: `--max-semi-space-size=8 --import=${pathToFileURL(join(import.meta.dirname, plant))}`,
})
