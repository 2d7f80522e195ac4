/** Values that the defaults and ranges of several settings use. */

export const dayMs = 86_400_000
export const yearMs = 365 * dayMs

/** The URL of the PostgreSQL that `make run` starts. */
export const databaseUrl = (role: string) =>
  `postgres://${role}:development-only@127.0.0.1:8432/flash_deal`
