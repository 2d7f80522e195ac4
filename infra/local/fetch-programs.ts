import './env-file.ts'
import { join } from 'node:path'
import { environment, readSettings } from '@flash-deal/config'
import { findEnvoy } from './envoy.ts'
import { findKafka } from './kafka.ts'
import { stateFolder } from './paths.ts'
import { findValkey } from './valkey.ts'

/** `npm run fetch-programs`: downloads what the tests otherwise download while they run. */

const tools = join(stateFolder(readSettings('local')), 'tools')
const env = environment()

const searches = {
  Valkey: findValkey(env, tools),
  Envoy: findEnvoy(env, tools),
  Kafka: findKafka(env, { tools }),
}

for (const [name, search] of Object.entries(searches)) {
  const found = await search
  console.log('reason' in found ? `${name} is missing: ${found.reason}.` : `${name} is there.`)
}
