/**
 * Does the work for each, one after the other; one that fails does not keep the others.
 * @throws the first failure, when all were tried
 */
export const eachInTurn = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const failures: unknown[] = []
  for (const item of items) await work(item).catch((error) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
