import type { Wire } from '../exchange.ts'

/** Request lines and headers to which every service must respond in the same way. */

const get = (path: string, ...headers: [string, string][]): Wire => ({
  method: 'GET',
  path,
  headers,
})

export const oddHeads: Readonly<Record<string, Wire>> = {
  'an unknown path': get('/nothing'),
  'the root': get('/'),
  'a slash too many': get('/health/'),
  'two slashes': get('//health'),
  'a path in capitals': get('/HEALTH'),
  'an encoded letter': get('/he%61lth'),
  'an encoded slash': get('/health%2Fready'),
  'a path that is not UTF-8': get('/%ff'),
  'a lone percent sign': get('/%'),
  'dots in a path': get('/x/../health'),
  'a query that nobody asked for': get('/health?x=%ff'),
  'a whole address': get('http://shop/health'),
  'another method': { method: 'DELETE', path: '/health' },
  HEAD: { method: 'HEAD', path: '/health' },
  OPTIONS: { method: 'OPTIONS', path: '/health' },
  'a tunnel': { method: 'CONNECT', path: 'shop:443' },
  'a body with GET': { ...get('/health', ['Content-Type', 'text/plain']), body: 'x' },
  'an id of the request': get('/nothing', ['X-Request-Id', 'abc']),
  'an id that could do harm': get('/nothing', ['X-Request-Id', 'a b']),
  'two ids': get('/nothing', ['X-Request-Id', 'a'], ['X-Request-Id', 'b']),
  'a user without the internal key': get('/health', ['X-User-Id', 'x']),
  'a wrong internal key': get('/health', ['X-Internal-Key', 'x']),
  'an empty internal key': get('/health', ['X-Internal-Key', '']),
  'a deadline of a client': get('/health', ['X-Deadline-Ms', '1']),
  'an empty Host': get('/health', ['Host', '']),
  'a Host with a port': get('/health', ['Host', 'shop:80']),
  'a Host that is none': get('/health', ['Host', 'a b']),
  'a Host with a slash': get('/health', ['Host', 'a/b']),
  'two Hosts': get('/health', ['Host', 'a'], ['Host', 'b']),
  'an unknown Expect': get('/health', ['Expect', 'tea']),
  'large headers': get('/health', ['X-Large', 'x'.repeat(17_000)]),
  'a long address': get(`/${'x'.repeat(17_000)}`),
  'an offer to change the protocol': get('/health', ['Connection', 'Upgrade'], ['Upgrade', 'h2c']),
}

export const rawHeads: Readonly<Record<string, string>> = {
  'no HTTP': 'hello\r\n\r\n',
  'no Host': 'GET /health HTTP/1.1\r\n\r\n',
  'HTTP/1.0 without a Host': 'GET /health HTTP/1.0\r\n\r\n',
  'a header without a colon': 'GET /health HTTP/1.1\r\nHost: shop\r\nbroken\r\n\r\n',
  'a header with a space in its name': 'GET /health HTTP/1.1\r\nHost: shop\r\na b: c\r\n\r\n',
  'an unknown version': 'GET /health HTTP/9.9\r\nHost: shop\r\n\r\n',
  'both lengths':
    'POST /nothing HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a chunk that is none':
    'POST /nothing HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
}

/**
 * The differences between net/http and Node before a handler is called. The error code is the same
 * unless another status is given. No correct client sends such a request.
 */
export const differences: Readonly<Record<string, string>> = {
  'a lone percent sign': 'net/http rejects the address: 400 instead of 404',
  'both lengths': 'net/http reads the chunks and ignores the length: 404 instead of 400',
  'a tunnel': 'the response has the request id',
  'two Hosts': 'net/http does not name the cause, so the message is more general',
  'a Host that is none': 'net/http closes the connection',
  'a Host with a slash': 'net/http closes the connection',
  'no Host': 'net/http closes the connection',
  'an unknown Expect': 'net/http closes the connection',
  'a chunk that is none': 'net/http closes the connection',
  'HTTP/1.0 without a Host': 'net/http closes the connection without announcing it',
}
