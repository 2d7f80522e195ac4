/** The bytes of a POST request with a JSON body. */
export const postOf = (path: string, headers: Record<string, string>, body: object): string => {
  const json = JSON.stringify(body)
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = Buffer.byteLength(json)
  return `POST ${path} HTTP/1.1\r\nhost: lab\r\n${own.join('')}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${json}`
}
