import { createPrivateKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { readSettings, scenarioIds, settingsSchemas } from '@flash-deal/config'
import t from 'tap'
import { envFile, freshSecrets } from '../secrets.ts'
import { compose, environmentOf, filledIn, own, serviceOf } from './compose-file.ts'
import { copiesOf, isLetThrough, read, root } from './image-files.ts'

/** Checks docker-compose.yml and the Dockerfile against the repository, without a container engine. */

const secrets = parseEnv(envFile(freshSecrets()))

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

const flags = ['SCENARIOS', ...scenarioIds.map((id) => `SCENARIO_${id}`)]

t.test('every process receives the flags of all scenarios', async (t) => {
  const values = Object.fromEntries(flags.map((flag) => [flag, `of ${flag}`]))
  for (const name of Object.keys(own))
    t.match(environmentOf(name, { ...secrets, ...values }), values, name)
})

t.test('a service receives only settings that it reads', async (t) => {
  for (const [name, process] of Object.entries(own)) {
    const known = [...Object.keys(settingsSchemas[process].shape), ...flags]
    t.strictSame(
      Object.keys(serviceOf(name).environment).filter((setting) => !known.includes(setting)),
      [],
      name,
    )
  }
})

/** Settings without a default: addresses, keys, and the listening address. */
const needed = /(_URLS?|_BROKERS|_KEYS?|^HOST)$/

t.test('a service receives every address and every key that it reads', async (t) => {
  for (const [name, process] of Object.entries(own)) {
    const read = Object.keys(settingsSchemas[process].shape).filter((each) => needed.test(each))
    const given = Object.keys(serviceOf(name).environment)
    t.strictSame(
      read.filter((setting) => !given.includes(setting)),
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
  t.strictSame(secretsOf('auth-go'), secretsOf('auth'))
  t.strictSame(secretsOf('order-go'), secretsOf('order'))
  t.strictSame(secretsOf('grafana'), ['GRAFANA_PASSWORD'])
})

/** Published ports with their defaults; all but the gateway's are in separate profiles. */
const doors = { gateway: '8000:8000', kong: '8010:8000', envoy: '8020:8000', grafana: '3000:3000' }

t.test('only the doors are published, by default on the loopback address', async (t) => {
  const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => [name, filledIn(port, {})] as const),
  )
  const expected = Object.entries(doors).map(([name, ports]) => [name, `127.0.0.1:${ports}`])
  t.strictSame(Object.fromEntries(published), Object.fromEntries(expected))
  t.equal(compose.networks.inside?.internal, true)
  for (const [name, { networks }] of Object.entries(compose.services)) {
    const names = Array.isArray(networks) ? networks : Object.keys(networks)
    t.strictSame(names, name in doors ? ['inside', 'outside'] : ['inside'], name)
  }
})

t.test('every published port and its address can be set in the environment', async (t) => {
  for (const { ports = [] } of Object.values(compose.services)) {
    for (const port of ports) t.match(port, /^\$\{PUBLISH_ADDRESS:-[\d.]+\}:\$\{\w+_PORT:-\d+\}:/)
  }
})

t.test('every service has a memory limit, and an image of an exact version', async (t) => {
  for (const [name, { image, deploy }] of Object.entries(compose.services)) {
    t.match(deploy.resources.limits.memory, /^\d+M$/, name)
    if (!image.endsWith(':local')) t.match(image, /:v?\d+\.\d+(\.\d+)?(-alpine)?$/, name)
  }
})

t.test('the configured addresses of the services match their ports', async (t) => {
  const inNode = Object.keys(own).filter((name) => !name.includes('-'))
  const addresses = inNode.flatMap((name) =>
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

for (const dockerfile of ['Dockerfile', 'go.Dockerfile']) {
  t.test(`every file that ${dockerfile} copies exists and is let through`, async (t) => {
    const sources = copiesOf(dockerfile).flatMap((copy) => copy.from)
    t.ok(sources.length > 4)
    for (const source of sources) {
      t.ok(existsSync(join(root, source)), source)
      t.ok(isLetThrough(dockerfile, source), `${source} is let through`)
    }
  })
}

t.test('the file that a command runs is in the image', async (t) => {
  const inNode = Object.entries(compose.services).filter(
    ([, { image }]) => image === 'flash-deal:local',
  )
  for (const [name, { command = [] }] of inNode) {
    const [, file = ''] = /\bnode (\S+)/.exec(command.join(' ')) ?? []
    t.ok(existsSync(join(root, file)), `${name}: ${file}`)
    t.ok(isLetThrough('Dockerfile', file), `${name}: ${file}`)
  }
  t.equal(inNode.length, 7)
})

t.test(
  'a service in Go takes the name of the one in Node, and all of its environment',
  async (t) => {
    for (const name of ['auth', 'order']) {
      const { build, environment, networks, profiles } = serviceOf(`${name}-go`)
      t.strictSame(profiles, ['go'])
      t.strictSame(networks, { inside: { aliases: [name] } })
      t.strictSame(environment, serviceOf(name).environment)
      t.equal(build?.dockerfile, 'infra/docker/go.Dockerfile')
      t.equal(build?.args?.SERVICE, name)
      t.ok(existsSync(join(root, `apps/${name}-go/main.go`)))
    }
  },
)

t.test('no image runs as root', async (t) => {
  const last = (dockerfile: string) =>
    read(`infra/docker/${dockerfile}`)
      .split(/^FROM /m)
      .at(-1)
  t.match(last('Dockerfile'), /^USER node$/m)
  t.match(last('go.Dockerfile'), /^USER 65532:65532$/m, 'a number: the image has no /etc/passwd')
  // They write a file into a new volume, which belongs to root, and exit.
  const asRoot = Object.entries(compose.services).filter(([, { user }]) => user === 'root')
  t.strictSame(Object.fromEntries(asRoot), {
    'kong-config': serviceOf('kong-config'),
    'envoy-config': serviceOf('envoy-config'),
  })
})

t.test('core and go start one system, every other profile adds to it', async (t) => {
  const profilesOf: Record<string, string[]> = { auth: ['core'], order: ['core'] }
  for (const name of ['auth-go', 'order-go']) profilesOf[name] = ['go']
  for (const name of ['collector', 'tempo', 'prometheus', 'grafana']) {
    profilesOf[name] = ['observability']
  }
  for (const [name, { profiles }] of Object.entries(compose.services)) {
    const optional = /^(redlock|kafka|kong|envoy)/.exec(name)?.[0]
    const other = optional === undefined ? ['core', 'go'] : [optional]
    t.strictSame(profiles, profilesOf[name] ?? other, name)
  }
})

t.test('every service, network and volume that a service names exists', async (t) => {
  for (const [name, each] of Object.entries(compose.services)) {
    for (const other of Object.keys(each.depends_on ?? {})) t.ok(serviceOf(other), name)
    const networks = Array.isArray(each.networks) ? each.networks : Object.keys(each.networks)
    for (const network of networks) t.ok(network in compose.networks, `${name}: ${network}`)
    for (const mount of each.volumes ?? []) {
      const [volume = ''] = mount.split(':')
      t.ok(volume.startsWith('./') || volume in compose.volumes, `${name}: ${volume}`)
    }
  }
})

t.test('a mounted file or folder of the repository exists', async (t) => {
  const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes)
  const sources = mounts.flatMap((mount) => /^\.\/([^:]+)/.exec(mount)?.[1] ?? [])
  t.equal(sources.length, 5)
  for (const source of sources) t.ok(existsSync(join(root, source)), source)
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

t.test(
  'Envoy reads what the generator has written, from the settings of the gateway',
  async (t) => {
    const [, , script = ''] = serviceOf('envoy-config').command ?? []
    t.match(script, /envoy\.ts \/envoy\/envoy\.json http:\/\/gateway:8000 9000/)
    t.match(serviceOf('envoy').command, ['--config-path', '/envoy/envoy.json'])
    t.equal(readSettings('gateway', environmentOf('envoy-config', secrets)).GATEWAY_PORT, 8_000)
    t.match(String(serviceOf('envoy').healthcheck?.test), '127.0.0.1/9000', 'its admin interface')
  },
)

t.test('the private key in the env file is valid, and every secret is different', async (t) => {
  const pem = String(secrets.JWT_PRIVATE_KEY).replaceAll('\\n', '\n')
  t.equal(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength, 2048)
  t.equal(new Set([...Object.values(freshSecrets()), ...Object.values(secrets)]).size, 14)
})
