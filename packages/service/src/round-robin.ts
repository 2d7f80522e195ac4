/** Returns a function that gives the addresses one after the other, over and over. */
export const roundRobin = (addresses: readonly string[]): (() => string) => {
  let next = 0
  return () => {
    next = (next + 1) % addresses.length
    // The settings refuse an empty list.
    return addresses[next] as string
  }
}
