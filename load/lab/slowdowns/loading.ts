import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Environment } from '@flash-deal/config'

/**
 * Makes a service load one of these modules before its own; its heap limit does not change. The
 * module is a URL, because Node splits the options at spaces.
 */
export const loading = (plant: string): Environment => ({
  NODE_OPTIONS: `--max-semi-space-size=8 --import=${pathToFileURL(join(import.meta.dirname, plant))}`,
})
