import { resolve } from 'node:path'

/** The repository's root: everything here works from any working directory. */
export const root = resolve(import.meta.dirname, '../..')

/** The absolute path of the state folder. A relative STATE_DIR is resolved from the repository's root. */
export const stateFolder = (settings: { STATE_DIR: string }): string =>
  resolve(root, settings.STATE_DIR)
