import t from 'tap'
import { comparer } from '../compare.ts'
import { startBoth, withoutGo } from '../processes.ts'

/** Clients that begin a request and do not end it. */

const head = 'POST /auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n'

const begun: Readonly<Record<string, string>> = {
  'half a line': 'GET /hea',
  'half a head': head,
  'no body': `${head}Content-Length: 9\r\n\r\n`,
  'half a body': `${head}Content-Length: 9\r\n\r\n{"a"`,
  'half a chunk': `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a"`,
}

t.test('a client that stops in the middle of a request', { skip: withoutGo() }, async (t) => {
  const settings = { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' }
  const { compareBytes } = comparer(await startBoth(t, 'auth', settings))
  await Promise.all(
    Object.entries(begun).map(([title, text]) =>
      compareBytes(t, `${title}: 408 from both`, () => Buffer.from(text)),
    ),
  )
})
