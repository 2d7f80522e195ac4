/**
 * Calls back when PostgreSQL starts a statement: those that were sent before it on its connection
 * are answered. postgres.js has no hook for that, but marks the statement as `active` then.
 *
 * @param query of postgres.js, before anybody awaits it
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
