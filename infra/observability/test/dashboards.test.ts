import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { sale } from '../dashboards/sale.ts'
import { services } from '../dashboards/services.ts'
import { folder } from './promtool.ts'

/**
 * What Grafana needs of the files, as far as it can be checked without Grafana: the compiler has
 * compared the dashboards with the types of its schema.
 */

const read = (name: string): string => readFileSync(join(folder, 'grafana', name), 'utf8')

type Area = { x: number; y: number; w: number; h: number }

const overlap = (one: Area, other: Area): boolean =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h

const { datasources } = parse(read('provisioning/datasources/datasources.yml')) as {
  datasources: {
    uid: string
    type: string
    jsonData: { exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[] }
  }[]
}
const knownSources = new Map(datasources.map(({ uid, type }) => [uid, type]))

for (const dashboard of [sale, services]) {
  const panels = dashboard.panels ?? []
  const targets = panels.flatMap((panel) => ('targets' in panel ? (panel.targets ?? []) : []))

  t.test(
    `${dashboard.title}: every panel has a place, an id, a title and a text of its own`,
    async (t) => {
      for (const key of ['id', 'title', 'description'] as const) {
        const values = panels.map((panel) => ('type' in panel ? panel[key as 'id'] : undefined))
        t.equal(new Set(values).size, panels.length, key)
        t.ok(values.every(Boolean), key)
      }
      const areas = panels.map(({ gridPos }) => gridPos as Area)
      t.ok(areas.every(({ x, w }) => x + w <= 24))
      const pairs = areas.flatMap((one, index) =>
        areas.slice(index + 1).map((two) => [one, two] as const),
      )
      t.notOk(pairs.some(([one, two]) => overlap(one, two)))
    },
  )

  t.test(
    `${dashboard.title}: every query has a known datasource, a letter and known variables`,
    async (t) => {
      const variables = (dashboard.templating?.list ?? []).map(({ name }) => name)
      const known = [...variables, '__rate_interval']
      t.ok(targets.length > 0)
      for (const { datasource, expr, refId } of targets as Record<string, never>[]) {
        const { uid, type } = datasource as unknown as { uid: string; type: string }
        t.equal(knownSources.get(uid), type)
        t.match(refId, /^[A-Z]$/)
        for (const [, name = ''] of String(expr).matchAll(/\$\{?(\w+)/g))
          t.ok(known.includes(name), name)
      }
      for (const name of variables)
        t.ok(
          targets.some(({ expr }) => String(expr).includes(`$${name}`)),
          `${name} is used`,
        )
    },
  )
}

t.test(
  'the dashboards are where Grafana looks for them, each under an address of its own',
  async (t) => {
    const { providers } = parse(read('provisioning/dashboards/dashboards.yml')) as {
      providers: { options: { path: string } }[]
    }
    t.strictSame(
      providers.map(({ options }) => options.path),
      ['/etc/grafana/dashboards'],
    )
    const uids = readdirSync(join(folder, 'grafana/dashboards/gen')).map(
      (name) => (JSON.parse(read(`dashboards/gen/${name}`)) as { uid: string }).uid,
    )
    t.strictSame(uids.sort(), ['flash-deal-sale', 'flash-deal-services'])
  },
)

t.test(
  'exemplars lead from durations to Tempo, by the label that the services write',
  async (t) => {
    const destinations = datasources.flatMap(
      ({ jsonData }) => jsonData.exemplarTraceIdDestinations ?? [],
    )
    t.match(destinations, [{ name: 'trace_id', datasourceUid: 'tempo' }])
    t.equal(knownSources.get('tempo'), 'tempo')
    const withExemplars = [sale, services].flatMap(({ panels = [] }) =>
      panels.filter(
        (panel) => 'targets' in panel && panel.targets?.some(({ exemplar }) => exemplar),
      ),
    )
    t.equal(withExemplars.length, 2)
  },
)
