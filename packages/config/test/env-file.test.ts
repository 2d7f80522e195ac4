import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadEnvFile, readEnvFile } from '../src/env-file.ts'

const key = '-----BEGIN PRIVATE KEY-----\nMIIab==\nc+/=\n-----END PRIVATE KEY-----'

/** Text of the file → the settings. */
const understood: Record<string, [string, Record<string, string>]> = {
  'a byte order mark': ['\uFEFFLOG_LEVEL=warn\nHOST=::1', { LOG_LEVEL: 'warn', HOST: '::1' }],
  'a PEM over several lines without quotes': [
    `JWT_PRIVATE_KEY=${key}\nLOG_LEVEL=warn`,
    { JWT_PRIVATE_KEY: key, LOG_LEVEL: 'warn' },
  ],
  'a PEM over several lines in quotes': [`JWT_PRIVATE_KEY="${key}"`, { JWT_PRIVATE_KEY: key }],
  "another program's variable": ['my-app-name=x\nHOST=::1', { 'my-app-name': 'x', HOST: '::1' }],
  'Windows line ends, comments and export': [
    '# Mine\r\n\r\nexport HOST=::1 # here\r\nLOG_LEVEL = warn\r\n',
    { HOST: '::1', LOG_LEVEL: 'warn' },
  ],
}
for (const [title, [text, values]] of Object.entries(understood)) {
  t.test(`${title} in .env is parsed`, async (t) => {
    t.same(readEnvFile(text), { values, problems: [] })
  })
}

/** Text of the file → the message. */
const told: Record<string, [string, string]> = {
  'a colon instead of =': [
    'HOST=::1\nLOG_LEVEL: warn',
    'Line 2 of .env is not understood and has no effect. Write LOG_LEVEL= and the value.',
  ],
  'a name without a value': [
    's3cret',
    'Line 1 of .env is not understood and has no effect. Write NAME=value, or # before it.',
  ],
  'a quote that nothing closes': [
    'INTERNAL_KEY="s3cret\nHOST=::1',
    'Line 1 of .env opens a quote that is not closed.',
  ],
  'a quote that the next one closes': [
    'INTERNAL_KEY="s3cret\nLOG_LEVEL="warn"',
    'LOG_LEVEL in .env has no effect: line 1 opens a quote and does not close it.',
  ],
}
for (const [title, [text, sentence]] of Object.entries(told)) {
  t.test(`${title} in .env is reported without the value`, async (t) => {
    t.strictSame(readEnvFile(text).problems, [sentence])
  })
}

t.test('the environment overrides .env, and .env is optional', async (t) => {
  const file = join(t.testdir({}), '.env')
  const env: Record<string, string> = { HOST: '127.0.0.1' }
  t.strictSame(loadEnvFile(env, file), [])
  writeFileSync(file, 'HOST=::1\nLOG_LEVEL=warn')
  t.strictSame(loadEnvFile(env, file), [])
  t.strictSame(env, { HOST: '127.0.0.1', LOG_LEVEL: 'warn' })
})

t.test('a .env that cannot be read is reported', async (t) => {
  const folder = t.testdir({ '.env': {} })
  t.match(loadEnvFile({}, join(folder, '.env')), [/\.env cannot be read \(EISDIR\), so none/])
})
