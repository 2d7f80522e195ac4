import { internalKey } from '@flash-deal/testing'
import type { Test } from 'tap'
import {
  eachProxy,
  isAboutTokens,
  type Proxying,
  someToken,
  startObliging,
  user,
} from './gateway-alone.ts'
import { rawAnswer } from './raw-clients.ts'

/** Raw requests that two parsers could interpret differently. */

const host = 'Host: shop\r\n'
const token = `Authorization: Bearer ${someToken}\r\n`
const close = 'Connection: close\r\n'

const reading = (lines: string, own = `${host}${token}`): string =>
  `GET /orders HTTP/1.1\r\n${own}${close}${lines}\r\n`

/** Each is rejected with the envelope and a status below 500, and reaches no service. */
const refused: Record<string, string> = {
  'a scheme after other characters': reading(`Authorization: x${bearer(someToken)}`, host),
  'words after the token': reading(`Authorization: ${bearer(`${someToken} x`)}`, host),
  'two spaces before the token': reading(`Authorization: ${bearer(` ${someToken}`)}`, host),
  'a token without a scheme': reading(`Authorization: ${someToken}\r\n`, host),
  'two tokens, the first one ours': reading('Authorization: Bearer x\r\n'),
  'two tokens in one header': reading(`Authorization: ${bearer(`${someToken}, Bearer x`)}`, host),
  'a token in the address': `GET /orders?access_token=${someToken} HTTP/1.1\r\n${host}${close}\r\n`,
  'a token in a cookie': reading(`Cookie: access_token=${someToken}\r\n`, host),
  'white space before a colon': reading('X-User-Id : forged\r\n'),
  'a folded first line': `GET /orders HTTP/1.1\r\n X-User-Id: forged\r\n${host}${token}${close}\r\n`,
  'a header without a name': reading(': forged\r\n'),
  'a pseudo header of HTTP/2': reading(':path: /internal\r\n'),
  'a NUL in a value': reading('User-Agent: a\x00b\r\n'),
  'no Host': `GET /products HTTP/1.1\r\n${close}\r\n`,
  'two Hosts': `GET /products HTTP/1.1\r\n${host}Host: other\r\n${close}\r\n`,
  'a Host that is none': `GET /products HTTP/1.1\r\nHost: a b<>\r\n${close}\r\n`,
  'a Host with a path': `GET /products HTTP/1.1\r\nHost: a/b?c@d\r\n${close}\r\n`,
  'an absolute address': `GET http://other/orders HTTP/1.1\r\n${host}${token}${close}\r\n`,
  'a tunnel': `CONNECT shop:80 HTTP/1.1\r\n${host}${close}\r\n`,
  'a method in small letters': `get /products HTTP/1.1\r\n${host}${close}\r\n`,
  'an unknown method': `FOO /products HTTP/1.1\r\n${host}${close}\r\n`,
  'a header of 20,000 bytes': reading(`X-A: ${'a'.repeat(20_000)}\r\n`),
  'an address of 20,000 bytes': `GET /orders?${'a'.repeat(20_000)} HTTP/1.1\r\n${host}${token}${close}\r\n`,
  'a negative size of a chunk': sending('-1\r\n\r\n'),
  'an endless size of a chunk': sending('fffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
  'chunks that end in LF': sending('2\n{}\n0\n\n'),
}

/** Each may be accepted; the service receives the user of the token, our key, and no other secret. */
const harmless: Record<string, string> = {
  'identity in all spellings': reading(
    'X-USER-ID: forged\r\nx-user-id: forged\r\nx_user_id: forged\r\nX-Internal_Key: forged\r\n',
  ),
  'hop-by-hop names of ours': reading(
    'Connection: x-user-id, x-internal-key, x-deadline-ms, authorization\r\nx-user-id: forged\r\n',
  ),
  'a line that ends in LF': reading('User-Agent: b\nX-User-Id: forged\r\n'),
  'a CR within a line': reading('User-Agent: b\rX-User-Id: forged\r\n'),
  'a folded line': reading('User-Agent: b\r\n X-User-Id: forged\r\n'),
  'an upgrade': reading('Upgrade: websocket\r\nConnection: Upgrade\r\n'),
  'an upgrade to HTTP/2': reading('Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n'),
  'what Envoy takes from those it trusts': reading(
    'x-envoy-original-path: /internal\r\nx-envoy-upstream-rq-timeout-ms: 1\r\nx-forwarded-proto: x\r\n',
  ),
  'another method and path by header': reading(
    'X-HTTP-Method-Override: DELETE\r\nX-Original-Url: /internal\r\nX-Rewrite-Url: /internal\r\n',
  ),
  'identity in a trailer': `POST /orders HTTP/1.1\r\n${host}${token}${close}Trailer: x-user-id\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-User-Id: forged\r\nX-Internal-Key: forged\r\n\r\n`,
  'a request within the body of a GET': `GET /orders HTTP/1.1\r\n${host}${token}${close}Content-Length: 33\r\n\r\nGET /internal HTTP/1.1\r\nHost: a\r\n\r\n`,
}

function bearer(text: string): string {
  return `Bearer ${text}\r\n`
}

function sending(chunks: string): string {
  return `POST /auth/login HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chunks}`
}

const tricks = async (t: Test, proxy: Proxying): Promise<void> => {
  // The obliging auth accepts every token, so that the gateway has to verify them.
  const scenarios = proxy.H5 === 'envoy' ? proxy : ({ ...proxy, M6: 'optimized' } as const)
  const { url, auth, product, order } = await startObliging(t, {}, scenarios)
  const reached = () =>
    [auth, product, order]
      .flatMap(({ received }) => received.splice(0))
      .filter((each) => !isAboutTokens(each))

  for (const [trick, bytes] of Object.entries(refused)) {
    const answer = await rawAnswer(url, bytes)
    t.match(answer, /^HTTP\/1\.1 4\d\d .*\r\n\r\n\{"error":"\w+","message":"/s, trick)
    t.strictSame(reached(), [], trick)
  }

  for (const [trick, bytes] of Object.entries(harmless)) {
    const answer = await rawAnswer(url, bytes)
    t.match(answer, /^HTTP\/1\.1 (200|4\d\d) /, trick)
    const all = reached()
    t.equal(all.length, answer.startsWith('HTTP/1.1 200') ? 1 : 0, trick)
    for (const { headers, path } of all) {
      t.equal(path, '/orders', trick)
      t.equal(headers['x-user-id'], user, trick)
      t.equal(headers['x-internal-key'], internalKey, trick)
      t.notOk(headers.authorization ?? headers.x_user_id ?? headers['x-internal_key'], trick)
    }
  }

  const afterAll = await rawAnswer(url, reading(''))
  t.match(afterAll, /^HTTP\/1\.1 200 /, 'an honest request is answered, so that this can fail')
}

eachProxy('a request that two programs could read differently forges nothing', tricks)
