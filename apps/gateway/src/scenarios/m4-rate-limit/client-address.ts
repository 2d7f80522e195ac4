import { isIPv4, isIPv6 } from 'node:net'

/**
 * Whom an address is counted for: an IPv4 address for itself, also where it is written as IPv6
 * (`::ffff:192.0.2.1`); an IPv6 address for its /64, which one subscriber has to itself.
 */
export const clientOfAddress = (address: string): string => {
  if (isIPv4(address)) return address
  // A trusted proxy passes on whatever it was given.
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

/** Four numbers with dots between them are the last two groups. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':')
