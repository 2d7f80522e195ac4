import { environment } from '@flash-deal/config'
import { checkProperties, findSchemathesis } from '@flash-deal/local/schemathesis'
import t from 'tap'
import { startSystem } from './system.ts'

/** The short form; `npm run properties` is the long one. */
const options = ['--max-examples', '2', '--workers', '2']

const found = await findSchemathesis(environment())
const skip = found.how === 'none' && found.reason

t.test('whatever the contract allows gets an answer that it names', { skip }, async (t) => {
  if (found.how !== 'package') return
  const { url, newUser } = await startSystem(t)
  const { token } = await newUser()
  const { program } = found
  const run = await checkProperties({ program, env: environment(), url, token, seed: 1, options })
  if (!run.passed) t.comment(run.report)
  t.ok(run.passed, 'schemathesis finds nothing')
})
