import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import t from 'tap'

const imported = "await import('@flash-deal/config')"
/** The module without the settings, which take long to load. */
const alone = "(await import('../src/own-environment.ts')).keepLibrariesOff(process.env)"

/** The environment of a process that starts with the given one. */
const inProcess = async (
  script: string,
  env: Record<string, string>,
  begin = alone,
): Promise<unknown> => {
  const program = `${begin}; console.log(JSON.stringify(${script}))`
  const args = ['--input-type=module', '-e', program]
  const options = { env, cwd: import.meta.dirname }
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  return JSON.parse(stdout)
}

t.test('PG variables of the shell have no effect on postgres.js', async (t) => {
  const env = {
    PGHOST: 'x',
    PGSSL: 'y',
    PGTARGETSESSIONATTRS: 'z',
    PGOPTIONS: '-c a=b',
    PAGER: 'p',
  }
  const names = 'Object.keys(process.env).filter((name) => name.startsWith("P"))'
  t.strictSame(await inProcess(names, env, imported), ['PAGER'])
})

const unreachable = 'http://127.0.0.1:9'
const proxies: Record<string, Record<string, string>> = {
  'by NODE_USE_ENV_PROXY': { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: unreachable },
  'in lower case': { NODE_USE_ENV_PROXY: '1', http_proxy: unreachable, no_proxy: 'example.com' },
  'by NODE_OPTIONS': { NODE_OPTIONS: '--use-env-proxy', HTTP_PROXY: unreachable },
}
for (const [title, env] of Object.entries(proxies)) {
  t.test(`a proxy that is set ${title} is not used for loopback addresses`, async (t) => {
    const server = createServer((_, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    ).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const get = `new Promise((ok, no) => process.getBuiltinModule('node:http').get('${url}', (answer) => ok(answer.statusCode)).on('error', no))`
    const statuses = `[(await fetch('${url}')).status, await ${get}]`
    t.strictSame(await inProcess(statuses, env), [200, 200])
  })
}

t.test("children inherit NO_PROXY, and the user's entries in it stay", async (t) => {
  const env = { http_proxy: unreachable, NO_PROXY: 'example.com, localhost', HOST: '10.0.0.7' }
  t.strictSame(
    await inProcess('[process.env.NO_PROXY, process.env.no_proxy]', env),
    Array(2).fill('example.com,localhost,127.0.0.1,::1,[::1],10.0.0.7'),
  )
  t.equal(await inProcess('process.env.NO_PROXY ?? null', {}), null)
})
