/**
 * Calls back when PostgreSQL starts a statement, after the previous statements on its connection have
 * completed. postgres.js has no hook for that, but marks the statement as `active` then.
 *
 * @param query a query of postgres.js that is not awaited yet
 */
export const onQueryStart = (query: object, callback: () => void): void => {
  let active = false
  Object.defineProperty(query, 'active', {
    get: () => active,
    set: (isActive: boolean) => {
      active = isActive
      if (isActive) callback()
    },
  })
}
