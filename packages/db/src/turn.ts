/**
 * Calls back when the turn of a statement has come: those that were sent before it on its connection
 * are answered. postgres.js has no hook for that, but marks the statement as `active` then.
 *
 * @param query of postgres.js, before anybody awaits it
 */
export const onTurnOf = (query: object, onTurn: () => void): void => {
  let active = false
  Object.defineProperty(query, 'active', {
    get: () => active,
    set: (isActive: boolean) => {
      active = isActive
      if (isActive) onTurn()
    },
  })
}
