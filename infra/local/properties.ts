import './env-file.ts'
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { environment, readSettings } from '@flash-deal/config'
import { createClient } from './api-client.ts'
import { PlainError, sentenceOf } from './plain-error.ts'
import { checkProperties, findSchemathesis } from './schemathesis.ts'
import { addressOf, servicesOf } from './services.ts'

/**
 * `npm run properties -- --seeds 1,2,3 [--url address] [--examples n]`: runs all checks of
 * schemathesis against the running system (make run), once per seed, each with a new user.
 */

type Runs = { seeds: number[]; url: string; examples: string }

const main = async (): Promise<boolean> => {
  const { seeds, ...rest } = readArguments()
  const program = await findProgram()
  const token = await newToken(rest.url)
  let passed = true
  for (const seed of seeds) passed = (await runSeed({ ...rest, program, token, seed })) && passed
  return passed
}

type Run = Omit<Runs, 'seeds'> & { program: string; token: string; seed: number }

const runSeed = async ({ examples, ...run }: Run): Promise<boolean> => {
  const options = ['--continue-on-failure', '--max-examples', examples]
  const { passed, report } = await checkProperties({ ...run, env: environment(), options })
  console.log(report)
  console.log(`Seed ${run.seed}: ${passed ? 'no findings' : 'see the findings above'}.`)
  return passed
}

const findProgram = async (): Promise<string> => {
  const found = await findSchemathesis(environment())
  if (found.how === 'package') return found.program
  throw new PlainError(
    `schemathesis is not available: ${found.how === 'none' ? found.reason : found.how}`,
  )
}

const readArguments = (): Runs => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      examples: { type: 'string', default: '20' },
      url: { type: 'string', default: gatewayAddress() },
    },
  })
  const seeds = values.seeds.split(',').map(Number)
  if (seeds.every(Number.isSafeInteger)) return { ...values, seeds }
  throw new PlainError('--seeds takes comma-separated whole numbers, such as 1,2,3.')
}

const gatewayAddress = (): string => {
  const gateway = servicesOf(readSettings('local')).find(({ name }) => name === 'gateway')
  return gateway === undefined ? '' : addressOf(gateway)
}

const newToken = async (url: string): Promise<string> => {
  const api = createClient(url)
  const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Properties' } })
  const { body } = await api<{ access_token: string }>('/auth/login', { body: credentials })
  return body.access_token
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
