import proxyAddress from '@fastify/proxy-addr'

/** Returns whether an address is that of a trusted proxy, also for IPv4 in IPv6 form (`::ffff:10.0.0.1`). */
export type IsTrustedProxy = (address: string) => boolean

/**
 * Reads `TRUSTED_PROXIES` as Fastify reads `trustProxy`: addresses, ranges such as `10.0.0.0/8`, and the
 * names `loopback`, `linklocal` and `uniquelocal`. An empty list trusts no address.
 * @throws TypeError for an entry that is none of these
 */
export const trustedProxies = (entries: readonly string[]): IsTrustedProxy => {
  const isTrusted = proxyAddress.compile([...entries])
  // The distance of the proxy makes no difference.
  return (address) => isTrusted(address, 0)
}
