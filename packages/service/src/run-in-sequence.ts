/**
 * Processes the items sequentially. A failure does not prevent the others.
 *
 * @param stopping once aborted, no further item is started
 * @throws the first failure, after all items were tried
 */
export const runInSequence = async <Item>(
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
