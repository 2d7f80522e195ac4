import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type ProcessName, readSettings, settingsSchemas } from '@flash-deal/config'
import t from 'tap'
import { parse } from 'yaml'
import { envFile, freshSecrets } from '../secrets.ts'

/** Checks docker-compose.yml and the Dockerfile against the repository, without a container engine. */

type Service = {
  profiles: string[]
  command?: string[]
  ports?: string[]
  networks: string[]
  environment: Record<string, string | number>
  deploy: { resources: { limits: { pids: number } } }
}

const root = join(import.meta.dirname, '../../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean }>
}

/** The services of the project's image, with the settings that each reads. */
const own: Record<string, ProcessName> = {
  migrate: 'migrate',
  auth: 'auth',
  product: 'product',
  order: 'order',
  gateway: 'gateway',
}

const serviceOf = (name: string): Service => {
  const service = compose.services[name]
  if (!service) throw new Error(`docker-compose.yml has no service ${name}.`)
  return service
}

const secrets = parseEnv(envFile(freshSecrets()))

/** `${NAME}`, `${NAME:-default}` and `${NAME:?sentence}`, expanded as Compose does. */
const filledIn = (text: string, values: NodeJS.Dict<string>): string =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, word: string) => {
    if (values[name]) return values[name]
    if (kind === '?') throw new Error(`${name}: ${word}`)
    return word ?? ''
  })

const environmentOf = (name: string, values: NodeJS.Dict<string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(serviceOf(name).environment).map(([setting, value]) => [
      setting,
      filledIn(String(value), values),
    ]),
  )

t.test('every service starts in production with the generated secrets', async (t) => {
  for (const [name, process] of Object.entries(own)) {
    const environment = environmentOf(name, secrets)
    t.equal(environment.NODE_ENV, 'production')
    t.doesNotThrow(() => readSettings(process, environment), name)
  }
})

t.test('Compose fails if one of the secrets is missing', async (t) => {
  const fillIn = (values: NodeJS.Dict<string>) =>
    Object.keys(compose.services)
      .filter((name) => serviceOf(name).environment)
      .map((name) => environmentOf(name, values))
  t.doesNotThrow(() => fillIn(secrets))
  for (const name of Object.keys(secrets)) {
    t.throws(() => fillIn({ ...secrets, [name]: '' }), {
      message: `${name}: Write the secrets to .env first, see docs/containers.md.`,
    })
  }
})

t.test('a service receives only settings that it reads', async (t) => {
  for (const [name, process] of Object.entries(own)) {
    const known = [...Object.keys(settingsSchemas[process].shape), 'SCENARIOS']
    t.strictSame(
      Object.keys(serviceOf(name).environment).filter((setting) => !known.includes(setting)),
      [],
      name,
    )
  }
})

t.test('a service receives no secret of another service', async (t) => {
  const secretsOf = (name: string) =>
    Object.keys(secrets).filter((secret) =>
      Object.values(serviceOf(name).environment).some((value) => String(value).includes(secret)),
    )
  t.strictSame(secretsOf('auth'), ['AUTH_DATABASE_PASSWORD', 'INTERNAL_KEY', 'JWT_PRIVATE_KEY'])
  t.strictSame(secretsOf('product'), ['INTERNAL_KEY', 'PRODUCT_DATABASE_PASSWORD'])
  t.strictSame(secretsOf('order'), ['INTERNAL_KEY', 'ORDER_DATABASE_PASSWORD'])
  t.strictSame(secretsOf('gateway'), ['INTERNAL_KEY'])
})

t.test('only the gateway is published, by default on the loopback address', async (t) => {
  const published = Object.entries(compose.services).filter(([, { ports }]) => ports)
  const doors = { gateway: serviceOf('gateway'), kong: serviceOf('kong') }
  t.strictSame(Object.fromEntries(published), doors, 'and Kong, in a profile of its own')
  const [kongPort = ''] = serviceOf('kong').ports ?? []
  t.equal(filledIn(kongPort, {}), '127.0.0.1:8010:8000')
  const [port = ''] = serviceOf('gateway').ports ?? []
  t.equal(filledIn(port, {}), '127.0.0.1:8000:8000')
  t.equal(compose.networks.inside?.internal, true)
  for (const [name, { networks }] of Object.entries(compose.services)) {
    t.strictSame(networks, name in doors ? ['inside', 'outside'] : ['inside'], name)
  }
})

t.test('the configured addresses of the services match their ports', async (t) => {
  const addresses = Object.keys(own).flatMap((name) =>
    Object.entries(environmentOf(name, secrets))
      .filter(([, value]) => value.startsWith('http'))
      .map(([setting, value]) => [setting.slice(0, -'_URLS'.length), value] as const),
  )
  for (const [setting, address] of addresses) {
    const host = setting.replace('_GRPC', '').toLowerCase()
    t.equal(address, `http://${host}:${serviceOf(host).environment[`${setting}_PORT`]}`)
  }
  t.equal(addresses.length, 6)
})

t.test(
  'PostgreSQL has enough connections and processes for the largest pools of all services',
  async (t) => {
    const [, connections] =
      /max_connections=(\d+)/.exec(String(serviceOf('postgres').command)) ?? []
    t.ok(Number(connections) - 3 >= 3 * 64)
    t.ok(serviceOf('postgres').deploy.resources.limits.pids >= Number(connections) + 32)
  },
)

t.test('every file that the image copies or runs exists', async (t) => {
  const copies = [...read('infra/docker/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
  const sources = copies.flatMap(([, words = '']) => words.split(' '))
  const ignore = read('infra/docker/Dockerfile.dockerignore').split('\n')
  t.ok(sources.length > 10)
  for (const source of sources) {
    t.ok(existsSync(join(root, source)), source)
    t.ok(ignore.includes(`!${source.split('/')[0]}`), `${source} is let through`)
  }
  for (const name of Object.keys(own)) {
    const [program, file = ''] = serviceOf(name).command ?? []
    t.equal(program, 'node')
    t.ok(existsSync(join(root, file)), file)
  }
})

t.test('the image of a service in Go copies what exists, and holds one program', async (t) => {
  const dockerfile = read('infra/docker/go.Dockerfile')
  const ignore = read('infra/docker/go.Dockerfile.dockerignore').split('\n')
  const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
  for (const source of sources.flatMap(([, words = '']) => words.split(' '))) {
    t.ok(existsSync(join(root, source)), source)
    t.ok(ignore.includes(`!${source.split('/')[0]}`), `${source} is let through`)
  }
  for (const file of ['go.yml', 'go-order.yml']) {
    const { services } = parse(read(`infra/docker/${file}`), {
      customTags: [{ tag: '!reset', resolve: () => null }],
    }) as { services: Record<string, { build: { dockerfile: string; args: { SERVICE: string } } }> }
    for (const [name, { build }] of Object.entries(services)) {
      t.ok(serviceOf(name), `${name} is in docker-compose.yml`)
      t.equal(build.dockerfile, 'infra/docker/go.Dockerfile')
      t.ok(existsSync(join(root, `apps/${build.args.SERVICE}-go/main.go`)), name)
    }
  }
  const [, last = ''] = dockerfile.split('FROM scratch')
  t.match(last, /^USER 65532:65532$/m, 'it does not run as root')
})

t.test('every service has the profile core, except the optional ones', async (t) => {
  for (const [name, { profiles }] of Object.entries(compose.services)) {
    const optional = /^(redlock|kafka|kong)/.exec(name)?.[0]
    t.strictSame(profiles, [optional ?? 'core'], name)
  }
})

t.test('Redlock is configured with the three lock servers only', async (t) => {
  const names = Object.keys(compose.services).filter((name) => name.startsWith('redlock'))
  const { REDLOCK_URLS } = readSettings('product', environmentOf('product', secrets))
  t.strictSame(
    REDLOCK_URLS,
    names.map((name) => `redis://${name}:6379`),
  )
  t.equal(names.length, 3)
})

t.test('Kong reads what the generator has written, from the settings of the gateway', async (t) => {
  const [program, file = '', written] = serviceOf('kong-config').command ?? []
  t.equal(program, 'node')
  t.ok(existsSync(join(root, file)), file)
  t.equal(serviceOf('kong').environment.KONG_DECLARATIVE_CONFIG, written)
  readSettings('gateway', environmentOf('kong-config', secrets))
  t.equal(serviceOf('kong-config').environment.ORDER_URLS, 'http://order:8003')
})

t.test('the private key in the env file is valid, and every secret is different', async (t) => {
  const pem = String(secrets.JWT_PRIVATE_KEY).replaceAll('\\n', '\n')
  t.equal(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength, 2048)
  t.equal(new Set([...Object.values(freshSecrets()), ...Object.values(secrets)]).size, 12)
})
