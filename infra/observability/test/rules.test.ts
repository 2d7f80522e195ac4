import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { folder, promtool, skip } from './promtool.ts'

/** The configurations, rules and alerts of Prometheus, with promtool. */

const plantedFiles = ['prometheus/tests/alerts.yml', 'prometheus/tests/error-budget.yml']

t.test('Prometheus accepts both configurations and the rules they load', { skip }, async (t) => {
  for (const name of ['prometheus.yml', 'prometheus.local.yml']) {
    const { code, printed } = await promtool(['check', 'config', `prometheus/${name}`])
    t.equal(code, 0, printed)
    t.match(printed, /2 rule files found/)
  }
})

t.test('each alert fires on a planted series and on no other', { skip }, async (t) => {
  const { code, printed } = await promtool(['test', 'rules', ...plantedFiles])
  t.equal(code, 0, printed)
})

t.test('every alert has a planted series', async (t) => {
  const read = (name: string) => readFileSync(join(folder, 'prometheus', name), 'utf8')
  const { groups } = parse(read('rules/alerts.yml')) as {
    groups: { rules: { alert: string; labels: { window?: string } }[] }[]
  }
  const tests = plantedFiles.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const fires = (alert: string, window?: string): boolean => {
    const labels = `alertname="${alert}",alertstate="firing"[^}]*${window ? `window="${window}"` : ''}`
    return new RegExp(`labels: ALERTS\\{${labels}`).test(tests)
  }
  for (const { alert, labels } of groups.flatMap(({ rules }) => rules))
    t.ok(fires(alert, labels.window), `${alert} ${labels.window ?? ''}`)
})
