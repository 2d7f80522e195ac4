/** Returns a function that returns the items in rotation. */
export const roundRobin = <Item>(items: readonly Item[]): (() => Item) => {
  let next = 0
  return () => {
    next = (next + 1) % items.length
    // The settings reject an empty list.
    return items[next] as Item
  }
}
