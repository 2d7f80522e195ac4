/** The transfer time of bytes over a network; computed, not measured. */

export type Network = { name: string; bitsPerSecond: number }

/**
 * Downstream, as WebPageTest sets its profiles of these names.
 * @see https://github.com/WPO-Foundation/webpagetest/blob/a7cf6a7742c9e93cf0c06ee6b58a608adb223f20/www/settings/connectivity.ini.sample
 */
export const networks: readonly Network[] = [
  { name: '3G', bitsPerSecond: 1_600_000 },
  { name: '4G', bitsPerSecond: 9_000_000 },
]

/**
 * Milliseconds from the first byte to the last where the network is what limits. What comes on top,
 * whatever the bytes: the round trips of TCP and TLS; and those of TCP's slow start, of which fewer
 * bytes need fewer.
 */
export const transferMs = (bytes: number, { bitsPerSecond }: Network): number =>
  (bytes * 8 * 1_000) / bitsPerSecond
