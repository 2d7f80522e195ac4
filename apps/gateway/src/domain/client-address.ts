import { isIPv4, isIPv6 } from 'node:net'

/**
 * The client of an address: an IPv4 address itself, also in its IPv6 form (`::ffff:192.0.2.1`); for an
 * IPv6 address its /64, which one subscriber usually has.
 */
export const clientOfAddress = (address: string): string => {
  if (isIPv4(address)) return address
  // A trusted proxy may forward invalid addresses.
  if (!isIPv6(address)) return 'unknown'
  const [plain = ''] = address.toLowerCase().split('%', 1)
  const mapped = /^(?:0{0,4}:){1,5}:?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  return mapped ?? `${prefixOf(plain)}::/64`
}

/** The first four of its eight groups, without leading zeros. */
const prefixOf = (address: string): string => {
  const [head = '', tail] = address.split('::', 2)
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = Array.from({ length: groups - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after]
    .slice(0, groups / 2)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

const groups = 8

/** An embedded IPv4 address is the last two groups. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':')
