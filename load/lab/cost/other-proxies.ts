import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment, readSettings } from '@flash-deal/config'
import { bareEnvironment } from '@flash-deal/local/child-environment'
import { envoyArguments, findEnvoy } from '@flash-deal/local/envoy'
import { programOnPath } from '@flash-deal/local/find-tool'
import { root, stateFolder } from '@flash-deal/local/paths'
import type { GatewayProcesses } from './gateway-processes.ts'

/** nginx and Envoy in front of the same services, each with one worker, for comparison with the gateway. */

const run = promisify(execFile)

/** A running proxy, or the reason why it does not run. */
export type OtherProxy = { pid: number; end: () => void } | { reason: string }

/** nginx as a plain proxy with keep-alive: no token check, no limit, no log. */
export const startNginx = (port: number, upstreamPort: number): OtherProxy => {
  const { PATH = '', ...inherited } = environment()
  // Debian installs it in /usr/sbin, which is only on root's PATH.
  const command = programOnPath('nginx', { ...inherited, PATH: `${PATH}:/usr/sbin` })
  if (command === undefined) return { reason: 'nginx is not installed' }
  const folder = mkdtempSync(join(tmpdir(), 'cost-nginx-'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, nginxConfig(folder, port, upstreamPort))
  return started(command, ['-p', folder, '-e', 'stderr', '-c', file], folder)
}

const nginxConfig = (folder: string, port: number, upstreamPort: number): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream services { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://services;
      proxy_http_version 1.1;
      proxy_set_header connection "";
    }
  }
}
`

/** Envoy as `SCENARIO_H5=envoy` starts it: routes by contract, token check, limits. */
export const startEnvoy = async (
  port: number,
  processes: GatewayProcesses,
  { gatewayPort, adminPort }: { gatewayPort: number; adminPort: number },
): Promise<OtherProxy> => {
  const tools = join(stateFolder(readSettings('local')), 'tools')
  const found = await findEnvoy(environment(), tools)
  if (!('program' in found)) return { reason: found.how === 'none' ? found.reason : 'no Envoy' }
  const folder = mkdtempSync(join(tmpdir(), 'cost-envoy-'))
  const file = join(folder, 'envoy.json')
  const writer = join(root, 'apps/gateway/envoy.ts')
  await run(process.execPath, [writer, file, `http://127.0.0.1:${gatewayPort}`, `${adminPort}`], {
    env: { ...bareEnvironment, ...processes.settings(port, 'm6,h5:envoy') },
  })
  return started(found.program, envoyArguments(file), folder)
}

const started = (command: string, args: string[], folder: string): OtherProxy => {
  const child = spawn(command, args, {
    env: bareEnvironment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const end = (): void => {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  return { pid: child.pid ?? 0, end }
}
