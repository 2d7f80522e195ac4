import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseEnv, promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { createClient } from '@flash-deal/local/api-client'
import { freePorts } from '@flash-deal/local/ports'
import { startStack } from '@flash-deal/local/stack'
import t from 'tap'
import { envFile, freshSecrets } from '../secrets.ts'
import { environmentOf, serviceOf } from './compose-file.ts'
import { copyInto, read } from './image-files.ts'

/**
 * Runs the content of the images without a container engine: the files that each Dockerfile copies, in a
 * folder of their own, installed and built by its own commands, with the commands, the users and the
 * environments of docker-compose.yml. Only the addresses differ. PostgreSQL and Valkey are those of a
 * stack whose services have been stopped.
 */

// npm installs, Go builds, and ten processes start.
t.setTimeout(900_000)

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

const stack = await startStack()
t.teardown(() => stack.end())
for (const name of ['gateway', 'order', 'product', 'auth']) await stack.supervisor.stop(name)

/** A folder that every user may enter. */
const folderFor = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `flash-deal-${name}-`))
  chmodSync(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The command of a `RUN` line without its clean-up of the layer. */
const commandOf = (dockerfile: string, start: string): string => {
  const line = read(`infra/docker/${dockerfile}`)
    .split('\n')
    .find((each) => each.startsWith(`RUN ${start}`))
  if (line === undefined) throw new Error(`${dockerfile} has no line RUN ${start}.`)
  return line.slice('RUN '.length).split(' && ')[0] ?? ''
}

const nodeImage = async (): Promise<string> => {
  const folder = folderFor('image')
  copyInto(folder, 'Dockerfile')
  const env = { PATH: environment().PATH, HOME: environment().HOME }
  await run('sh', ['-c', commandOf('Dockerfile', 'npm ci')], { cwd: folder, env })
  // In the image it belongs to root, and the services run as another user.
  await run('chmod', ['-R', isRoot ? 'a+rX,go-w' : 'a-w', folder])
  return folder
}

const tools = folderFor('tools')
// The user of the image cannot enter every folder of this machine.
const node = join(tools, 'node')
copyFileSync(process.execPath, node)

/** The user `node` of the image has this number. */
const asNode = isRoot ? { uid: 1_000, gid: 1_000 } : {}

const image = await nodeImage()
const secrets = parseEnv(envFile(freshSecrets()))
const database = 'image'

type Ports = Record<'auth' | 'product' | 'grpc' | 'order' | 'gateway', number>

const somePorts = async (): Promise<Ports> => {
  const [auth = 0, product = 0, grpc = 0, order = 0, gateway = 0] = await freePorts(5)
  return { auth, product, grpc, order, gateway }
}

/** Host and port in docker-compose.yml, and their replacements. */
const addresses = (ports: Ports): [string, string][] => {
  const { host } = new URL(stack.adminUrl)
  return [
    ['@postgres:5432/flash_deal', `@${host}/${database}`],
    ['@postgres:5432', `@${host}`],
    ['//valkey:6379', `//127.0.0.1:${stack.settings.VALKEY_PORT}`],
    ['//auth:8001', `//127.0.0.1:${ports.auth}`],
    ['//product:8002', `//127.0.0.1:${ports.product}`],
    ['//product:8012', `//127.0.0.1:${ports.grpc}`],
    ['//order:8003', `//127.0.0.1:${ports.order}`],
  ]
}

const own: Record<string, keyof Ports> = {
  AUTH_PORT: 'auth',
  PRODUCT_PORT: 'product',
  PRODUCT_GRPC_PORT: 'grpc',
  ORDER_PORT: 'order',
  GATEWAY_PORT: 'gateway',
}

/** The superuser of the stack replaces the one that Compose creates. */
const { password } = new URL(stack.adminUrl)
const given = { ...secrets, POSTGRES_PASSWORD: password }

/** The `ENV` line of the image. */
const ofImage = Object.fromEntries(
  (/^ENV (.+)$/m.exec(read('infra/docker/Dockerfile'))?.[1] ?? '')
    .split(' ')
    .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
)

const environmentFor = (name: string, ports: Ports, more: Record<string, string> = {}) => {
  const here = addresses(ports)
  const values = Object.entries(environmentOf(name, { ...given, ...more })).map(
    ([setting, value]) => {
      const place = here.find(([from]) => value.includes(from))
      const port = own[setting]
      if (port !== undefined) return [setting, String(ports[port])]
      return [setting, place ? value.replace(...place) : value]
    },
  )
  return { ...ofImage, PATH: '/usr/bin:/bin', ...Object.fromEntries(values) }
}

/** The arguments after `node` of a service's command. */
const argumentsOf = (name: string): string[] => (serviceOf(name).command ?? []).slice(1)

const asInImage = (name: string, ports: Ports, args = argumentsOf(name)) => {
  const env = environmentFor(name, ports)
  return run(node, args, { cwd: image, env, ...asNode })
}

/** Runs the health check of a service until it succeeds. */
const healthy = async (check: () => Promise<unknown>): Promise<void> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    const error = await check().then(
      () => undefined,
      (reason: Error) => reason,
    )
    if (error === undefined) return
    if (Date.now() > deadline) throw new Error(`The health check never succeeded: ${error.message}`)
    await pause(100)
  }
}

const checkOf = (name: string, port: number): string[] =>
  (serviceOf(name).healthcheck?.test ?? [])
    .slice(2)
    .map((word) =>
      word.replace(/:80\d\d\/|^80\d\d$/, (found) => found.replace(/80\d\d/, `${port}`)),
    )

const startInNode = async (
  name: 'auth' | 'product' | 'order' | 'gateway',
  ports: Ports,
  scenarios: Record<string, string> = {},
): Promise<void> => {
  const env = environmentFor(name, ports, scenarios)
  const program = { command: node, args: argumentsOf(name), env, cwd: image, ...asNode }
  stack.supervisor.start({ name, kind: 'service', output: 'lines', ...program })
  const check = checkOf(name, ports[name])
  await healthy(() => asInImage(name, ports, check))
}

/** Registers, creates a product, and buys it. */
const buy = async (url: string): Promise<number> => {
  const api = createClient(url)
  const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  await api('/auth/register', { body: { ...credentials, name: 'Buyer' } })
  const login = await api<{ access_token: string }>('/auth/login', { body: credentials })
  const { access_token: token } = login.body
  const goods = { name: 'Teapot', price: 1_000, stock: 10 }
  const { body: product } = await api<{ id: string }>('/products', { token, body: goods })
  const items = [{ product_id: product.id, quantity: 1 }]
  return (await api('/orders', { token, body: { items } })).status
}

const stopAll = async (names: readonly string[]): Promise<(number | null | undefined)[]> => {
  const exits = names.map((name) => stack.supervisor.exited(name))
  for (const name of names) stack.supervisor.kill(name, 'SIGTERM')
  return (await Promise.all(exits)).map((exit) => exit?.code)
}

t.test('migrator and services run from the files of the image as another user', async (t) => {
  const ports = await somePorts()
  const migrate = environmentFor('migrate', ports)
  await run(node, argumentsOf('migrate'), {
    ...{ cwd: image, env: { ...migrate, DATABASE_NAME: database }, ...asNode },
  })
  const names = ['auth', 'product', 'order', 'gateway'] as const
  for (const name of names) await startInNode(name, ports)
  t.equal(await buy(`http://127.0.0.1:${ports.gateway}`), 201)
  t.strictSame(await stopAll(names), [0, 0, 0, 0])
})

t.test('the configuration of Envoy is written from the files of the image', async (t) => {
  const file = join(folderFor('envoy'), 'envoy.json')
  writeFileSync(file, '')
  if (isRoot) await run('chown', ['1000:1000', file])
  await asInImage('envoy-config', await somePorts(), [
    ...['apps/gateway/envoy.ts', file, 'http://gateway:8000', '9000'],
  ])
  t.pass('it ended with 0')
})

const hasGo = await run('go', ['version']).then(
  () => true,
  () => false,
)

/** Builds a service from the files of its image into an empty folder. */
const goImage = async (service: string): Promise<string> => {
  const source = folderFor('go-source')
  const empty = folderFor('go-image')
  copyInto(source, 'go.Dockerfile')
  const command = commandOf('go.Dockerfile', 'CGO_ENABLED=0 go build').replace(
    '-o /service',
    `-o ${empty}/service`,
  )
  await run('sh', ['-c', command], { cwd: source, env: { ...environment(), SERVICE: service } })
  return empty
}

/** Runs in an empty root folder, without libraries and files of this machine. */
const inside = (folder: string, ...args: string[]): [string, string[]] => [
  '/usr/sbin/chroot',
  ['--userspec=65532:65532', folder, '/service', ...args],
]

const startInGo = async (
  name: 'auth' | 'order',
  ports: Ports,
  scenarios: Record<string, string>,
): Promise<void> => {
  const folder = await goImage(name)
  const [command, args] = inside(folder)
  const env = environmentFor(`${name}-go`, ports, scenarios)
  stack.supervisor.start({ name, kind: 'service', command, args, env, output: 'lines' })
  const check = checkOf(`${name}-go`, ports[name])
  await healthy(() => run(...inside(folder, ...check)))
}

t.test(
  'auth and order in Go run in an empty folder as a user without a name',
  { skip: !hasGo ? 'there is no Go' : !isRoot && 'only root may change the root folder' },
  async (t) => {
    const ports = await somePorts()
    const scenarios = { SCENARIOS: 'h3,h4' }
    // Each is ready only if those before it are there.
    await startInGo('auth', ports, scenarios)
    await startInNode('product', ports, scenarios)
    await startInGo('order', ports, scenarios)
    await startInNode('gateway', ports, scenarios)
    t.equal(await buy(`http://127.0.0.1:${ports.gateway}`), 201)
    t.strictSame(await stopAll(['gateway', 'order', 'product', 'auth']), [0, 0, 0, 0])
  },
)
