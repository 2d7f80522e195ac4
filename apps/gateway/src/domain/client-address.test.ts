import t from 'tap'
import { clientOfAddress } from './client-address.ts'

const clients = {
  '192.0.2.1': '192.0.2.1',
  '::ffff:192.0.2.1': '192.0.2.1',
  '::FFFF:192.0.2.1': '192.0.2.1',
  '0:0:0:0:0:ffff:192.0.2.1': '192.0.2.1',
  '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
  '2001:0DB8:0001:0002::9': '2001:db8:1:2::/64',
  '2001:db8::9': '2001:db8:0:0::/64',
  '::1': '0:0:0:0::/64',
  '::': '0:0:0:0::/64',
  'fe80::1%eth0': 'fe80:0:0:0::/64',
  '64:ff9b::192.0.2.1': '64:ff9b:0:0::/64',
  'not an address': 'unknown',
  '': 'unknown',
}

t.test('an IPv4 address or an IPv6 /64 is one client, in every notation', async (t) => {
  for (const [address, client] of Object.entries(clients)) {
    t.equal(clientOfAddress(address), client, address)
  }
})
