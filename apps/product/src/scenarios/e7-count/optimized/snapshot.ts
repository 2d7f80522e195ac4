/**
 * Whether a statement with this snapshot has seen what a committed transaction wrote.
 *
 * @param snapshot as `pg_current_snapshot` gives it, `first:next:under way`: every transaction below
 * the first is over, none from the next one on had begun
 * @see https://www.postgresql.org/docs/18/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
export const hasSeen = (snapshot: string, transactionId: string): boolean => {
  const [, next = '', underWay = ''] = snapshot.split(':')
  return BigInt(transactionId) < BigInt(next) && !underWay.split(',').includes(transactionId)
}
