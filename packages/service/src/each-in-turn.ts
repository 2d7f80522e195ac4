/**
 * Does the work for each, one after the other; one that fails does not keep the others.
 *
 * @param stopping once aborted, no further one is begun
 * @throws the first failure, when all were tried
 */
export const eachInTurn = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  stopping?: AbortSignal,
): Promise<void> => {
  const failures: unknown[] = []
  for (const item of items) {
    if (stopping?.aborted) break
    await work(item).catch((error) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
