import { environment } from '@flash-deal/config'
import { checkProperties, findSchemathesis } from '@flash-deal/local/schemathesis'
import t from 'tap'
import { startSystem } from './system.ts'

/** A few examples of each operation; `npm run properties` takes more. The short form is `hostile-*.test.ts`. */
const options = ['--max-examples', '2', '--workers', '2']

const found = await findSchemathesis(environment())
const skip = found.how === 'none' && found.reason

t.test('every valid request gets a declared response', { skip }, async (t) => {
  if (found.how !== 'package') return
  const { url, newUser } = await startSystem(t)
  const { token } = await newUser()
  const { program } = found
  const given = { program, env: environment(), url, token, seed: 1, options, timeoutMs: 200_000 }
  const { passed, report } = await checkProperties(given)
  // The reporter shows neither comments nor long differences; this is what one needs to see.
  if (!passed) process.stderr.write(report)
  t.ok(passed, 'schemathesis finds nothing')
})
