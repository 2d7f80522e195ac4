import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from '@flash-deal/local/ports'
import { parse, stringify } from 'yaml'
import { folder, prometheusProgram } from './promtool.ts'

/** A Prometheus with the rules of this workspace, which scrapes a running system every second. */

export type Sample = { metric: Record<string, string>; value: [number, string] }

export type OwnPrometheus = {
  /** The result of an instant query, now. */
  query(expr: string): Promise<Sample[]>
  /** The data of a path of its API. */
  get<Data>(path: string): Promise<Data>
  end(): Promise<void>
}

type Configuration = {
  global: Record<string, string>
  rule_files: string[]
  scrape_configs: { static_configs: { targets: string[]; labels: { service: string } }[] }[]
}

/** @param addresses of the metrics, by service, as host:port */
export const ownPrometheus = async (
  addresses: Readonly<Record<string, string>>,
): Promise<OwnPrometheus> => {
  if (prometheusProgram === undefined) throw new Error('It was skipped.')
  const data = mkdtempSync(join(tmpdir(), 'own-prometheus-'))
  const [port = 0] = await freePorts(1)
  const file = join(data, 'prometheus.yml')
  writeFileSync(file, stringify(configuration(addresses)))
  const child = spawn(
    prometheusProgram,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(data, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const end = async (): Promise<void> => {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await gone
    rmSync(data, { recursive: true, force: true })
  }
  const base = `http://127.0.0.1:${port}`
  const get = async <Data>(path: string, init?: RequestInit): Promise<Data> => {
    const response = await fetch(`${base}${path}`, init)
    const body = (await response.json()) as { status: string; data: Data; error?: string }
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`)
    return body.data
  }
  await ready(`${base}/-/ready`).catch(async (error: unknown) => {
    await end()
    throw error
  })
  return {
    get,
    end,
    query: async (expr) => {
      const body = new URLSearchParams({ query: expr })
      return (await get<{ result: Sample[] }>('/api/v1/query', { method: 'POST', body })).result
    },
  }
}

/** That of `make run`, with the ports of this system and at a faster pace. */
const configuration = (addresses: Readonly<Record<string, string>>): Configuration => {
  const text = readFileSync(join(folder, 'prometheus/prometheus.local.yml'), 'utf8')
  const local = parse(text) as Configuration
  const fast = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  return {
    global: fast,
    rule_files: local.rule_files.map((files) => join(folder, 'prometheus', files)),
    scrape_configs: local.scrape_configs.map((scrape) => ({
      ...scrape,
      static_configs: scrape.static_configs.map(({ labels }) => ({
        targets: [addresses[labels.service] ?? ''],
        labels,
      })),
    })),
  }
}

const ready = async (address: string): Promise<void> => {
  const deadline = performance.now() + 20_000
  for (;;) {
    const isReady = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    if (performance.now() > deadline) throw new Error('Prometheus did not start in 20 s.')
    await pause(50)
  }
}
