/** Returns a function that gives the items one after the other, over and over. */
export const roundRobin = <Item>(items: readonly Item[]): (() => Item) => {
  let next = 0
  return () => {
    next = (next + 1) % items.length
    // The settings refuse an empty list.
    return items[next] as Item
  }
}
