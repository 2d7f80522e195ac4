import t from 'tap'
import { trustedProxies } from '../src/trusted-proxies.ts'

t.test('proxies are trusted by address, range or name, also in IPv6 form', async (t) => {
  const isTrusted = trustedProxies(['192.0.2.1', '10.0.0.0/8', '2001:db8::/32', 'loopback'])
  const trusted = ['192.0.2.1', '10.255.0.3', '2001:db8:1::2', '127.0.0.9', '::1']
  const mapped = ['::ffff:192.0.2.1', '::ffff:10.255.0.3', '::ffff:127.0.0.9']
  for (const address of [...trusted, ...mapped]) t.ok(isTrusted(address), address)
  const others = ['192.0.2.2', '11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1', 'unknown', '']
  for (const address of others) t.notOk(isTrusted(address), address)
})

t.test('without an entry no address is trusted', async (t) => {
  t.notOk(trustedProxies([])('127.0.0.1'))
})

t.test('an entry that is no address is rejected', async (t) => {
  for (const entry of ['proxy.example', '10.0.0.0/33', ''])
    t.throws(() => trustedProxies([entry]), TypeError, entry)
})
