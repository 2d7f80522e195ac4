import { number, oneOf, optionalSecret, secretPostgresAddress, text } from '../kinds.ts'
import { databaseUrl, dayMs, yearMs } from './defaults.ts'

/** The settings of auth. */
export const auth = {
  AUTH_DATABASE_URL: secretPostgresAddress(
    databaseUrl('auth_service'),
    "PostgreSQL as auth's own role",
  ),
  JWT_ALG: oneOf(['RS256', 'ES256', 'EdDSA'], 'RS256', 'The algorithm that signs access tokens'),
  JWT_ISSUER: text('flash-deal', 'The `iss` of access tokens'),
  JWT_AUDIENCE: text('flash-deal', 'The `aud` of access tokens'),
  JWT_PRIVATE_KEY: optionalSecret(
    'The private key for access tokens: PEM (PKCS#8), with newlines or \\n, or base64 of that; generated at the first start if it is not set',
  ),
  JWT_PUBLIC_KEYS: text(
    '',
    'Additional public keys whose access tokens are accepted, PEM or base64 of it, one after another: the next key five minutes before it signs, the previous one for ACCESS_TOKEN_TTL_S after',
  ),
  KEYS_DIR: text('.local/keys', 'The folder of the keys that auth generates'),
  ACCESS_TOKEN_TTL_S: number(1, 86_400, 3_600, 'Lifetime of an access token, in seconds'),
  REFRESH_TOKEN_TTL_S: number(1, 31_536_000, 1_209_600, 'Lifetime of a refresh token, in seconds'),
  REFRESH_GRACE_MS: number(
    0,
    60_000,
    10_000,
    'How long a used refresh token may be used again, in milliseconds',
  ),
  REFRESH_TOKEN_RETENTION_MS: number(
    60_000,
    yearMs,
    dayMs,
    'How long a refresh token is stored after it has expired, in milliseconds',
  ),
  PASSWORD_CONCURRENCY: number(1, 64, 2, 'Passwords that are hashed concurrently'),
  PASSWORD_QUEUE_MAX: number(1, 10_000, 200, 'Passwords that may wait to be hashed; beyond it 503'),
}
