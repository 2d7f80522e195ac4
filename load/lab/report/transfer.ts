/** The transfer time of bytes over a network; computed, not measured. */

export type Network = { name: string; bitsPerSecond: number }

/**
 * The downstream profiles of WebPageTest with these names.
 * @see https://github.com/WPO-Foundation/webpagetest/blob/a7cf6a7742c9e93cf0c06ee6b58a608adb223f20/www/settings/connectivity.ini.sample
 */
export const networks: readonly Network[] = [
  { name: '3G', bitsPerSecond: 1_600_000 },
  { name: '4G', bitsPerSecond: 9_000_000 },
]

/**
 * Milliseconds from the first byte to the last if the network is the bottleneck. It does not include
 * the round trips of TCP and TLS, which do not depend on the bytes, and those of TCP's slow start,
 * which do.
 */
export const transferMs = (bytes: number, { bitsPerSecond }: Network): number =>
  (bytes * 8 * 1_000) / bitsPerSecond
