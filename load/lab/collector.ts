import { createServer } from 'node:http'

/** A collector of spans that accepts every export and discards it. */

const [port] = process.argv.slice(2).map(Number)

createServer((request, response) => {
  request.resume()
  request.once('end', () => response.setHeader('content-type', 'application/json').end('{}'))
}).listen(port, '127.0.0.1')
