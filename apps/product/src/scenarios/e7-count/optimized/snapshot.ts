/**
 * Returns whether the writes of a committed transaction are visible in this snapshot.
 *
 * @param snapshot the text of `pg_current_snapshot`, `xmin:xmax:xip_list`: every transaction below xmin
 * has ended, and no transaction from xmax on has started
 * @see https://www.postgresql.org/docs/18/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
export const hasSeen = (snapshot: string, transactionId: string): boolean => {
  const [, next = '', underWay = ''] = snapshot.split(':')
  return BigInt(transactionId) < BigInt(next) && !underWay.split(',').includes(transactionId)
}
