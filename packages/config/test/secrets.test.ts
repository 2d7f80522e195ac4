import { redactor } from '@flash-deal/config'
import t from 'tap'

t.test('secrets of an environment are redacted, plain and percent-encoded', async (t) => {
  const redact = redactor(
    {
      AUTH_DATABASE_URL: 'postgres://auth_service:p%40ss%25word@db:5432/shop',
      REDLOCK_URLS: 'redis://:first-one@a:1,redis://:second-one@b:2',
      INTERNAL_KEY: 'the-internal-key',
      JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\\nMIIabcdef\\n-----END PRIVATE KEY-----',
      AWS_SECRET_ACCESS_KEY: 'of-somebody-else',
      LOG_LEVEL: 'silent',
    },
    ['made-here'],
  )
  const text = [
    'password "p@ss%word" (p%40ss%25word, p@ss%25word) of auth_service at db:5432/shop',
    'redis://:first-one@a:1 second-one the-internal-key MIIabcdef of-somebody-else made-here',
    'postgres://x:odd@host silent',
  ].join('\n')
  t.equal(
    redact(text),
    [
      'password "[redacted]" ([redacted], [redacted]) of auth_service at db:5432/shop',
      'redis://:[redacted]@a:1 [redacted] [redacted] [redacted] [redacted] [redacted]',
      'postgres://x:[redacted]@host silent',
    ].join('\n'),
  )
})

t.test('the password of a URL that cannot be parsed is redacted', async (t) => {
  const redact = redactor({ DATABASE_URL: 'postgres://me:pa/ss#w@rd@db' })
  t.equal(redact('invalid: postgres://me:pa/ss#w@rd@db'), 'invalid: postgres://me:[redacted]@db')
})
