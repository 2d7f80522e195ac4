import type { Settings } from '@flash-deal/config'
import { catalogue, type ErrorCode } from '@flash-deal/errors'
import { passedHeaders } from '../../../domain/forwarded-headers.ts'

/** Lua code for steps that no plugin of Kong has. */

const refusal = (code: ErrorCode): string => {
  const { status, message } = catalogue[code]
  const body = `{ error = ${quoted(code)}, message = ${quoted(message)}, request_id = kong.request.get_header("x-request-id") }`
  return `return kong.response.exit(${status}, ${body})`
}

const quoted = (text: string): string => JSON.stringify(text)

const setOf = (names: readonly string[]): string =>
  `{ ${names.map((name) => `[${quoted(name)}] = true`).join(', ')} }`

const kept = [
  ...passedHeaders,
  ...['authorization', 'x-request-id', 'host', 'connection', 'transfer-encoding'],
]

/** Kong decodes a path before it matches routes; a path that is not plain gets 404. */
export const plainScript = `
local path = kong.request.get_raw_path()
if path:find("[^%w._~/-]") or path:find("//", 1, true) or path:find("..", 1, true)
  or (path .. "/"):find("/./", 1, true) then
  ${refusal('NOT_FOUND')}
end
local passed = ${setOf(kept)}
local count = 0
for name in pairs(kong.request.get_headers(1000)) do
  count = count + 1
  if not passed[name:lower()] then
    kong.service.request.clear_header(name)
  end
end
-- Kong shows no more than 1,000 headers.
if count >= 1000 then
  ${refusal('HEADERS_TOO_LARGE')}
end
`

const uuid = `^${'x'.repeat(8)}%-${'x'.repeat(4)}%-${'x'.repeat(4)}%-${'x'.repeat(4)}%-${'x'.repeat(12)}$`

/** Runs after the plugin `jwt` has verified the signature: checks the other claims and sets the user. */
export const identityScript = (settings: Settings<'gateway'>): string => `
local token = kong.ctx.shared.authenticated_jwt_token
if token then
  local jwt = require("kong.plugins.jwt.jwt_parser"):new(token)
  local claims, header = jwt.claims, jwt.header
  local is_access_token = claims.type == "access"
    and claims.iss == ${quoted(settings.JWT_ISSUER)}
    and claims.aud == ${quoted(settings.JWT_AUDIENCE)}
    and type(claims.iat) == "number"
    and type(claims.sub) == "string"
    and claims.sub:find(${quoted(uuid.replaceAll('x', '[0-9a-f]'))}) ~= nil
    and header.typ == "JWT"
    and header.crit == nil
  if not is_access_token then
    ${refusal('INVALID_TOKEN')}
  end
  kong.service.request.set_header("x-user-id", claims.sub)
end
kong.service.request.clear_header("authorization")
`
