/** Requests with JSON bodies and JSON responses. */

type Answer = { status: number; body: Record<string, string> }

export const send = async (
  port: number,
  path: string,
  {
    body,
    token,
    headers = {},
  }: { body?: object; token?: string; headers?: Record<string, string> },
): Promise<Answer> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
