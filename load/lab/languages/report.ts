import { median } from '../stats/median.ts'
import { quantile } from '../stats/quantile.ts'
import { groupOf, groups, type Operation, operations, type ServiceInBoth } from './groups.ts'
import {
  type Figures,
  type Language,
  languages,
  type Measured,
  type ProcessFigures,
} from './measure.ts'
import type { Size } from './size.ts'

/** The comparison of the languages as one page. */

/** The price of a machine, in any currency. */
export type Price = { coreHour: number; gbHour: number }

export type Run = {
  startedAt: string
  commit: string
  machine: string
  rounds: number
  sliceMs: number
  rates: Readonly<Record<Operation, number>>
  price: Price
  measured: Measured
  sizes: Record<ServiceInBoth, Record<Language, Size>>
}

/** CPU of Node over CPU of Go for a request, for each round. */
export const ratios = ({ node, go }: Measured, operation: Operation): number[] =>
  node.cpuUs[operation].map((us, round) => us / (go.cpuUs[operation][round] ?? us))

/**
 * The price of a million requests on one core without other work, including the memory of the process
 * under load.
 */
export const priceOfMillion = (figures: Figures, operation: Operation, price: Price): number => {
  const hours = median(figures.cpuUs[operation]) / 3_600
  const { loadedMb = [] } = figures.process[groupOf(operation).title] ?? {}
  return hours * (price.coreHour + (median(loadedMb) / 1_024) * price.gbHour)
}

const round = (value: number, digits = 0): string => value.toFixed(digits)

const names: Readonly<Record<Operation, string>> = {
  login: 'log-in',
  refresh: 'refresh',
  verify: 'verify a token',
  profile: 'profile',
  order: 'order of a deal',
  'order-batched': 'order of a deal, with M1, M8, H1',
  list: 'list of 20 orders',
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? ':--' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const spread = (values: readonly number[]): string =>
  `${round(median(values), 2)} [${round(Math.min(...values), 2)}..${round(Math.max(...values), 2)}]`

const requestsTable = (run: Run): string =>
  table(
    ['', 'Node: requests per CPU second', 'Go', 'CPU of Node / CPU of Go [least..most]'],
    operations.map((operation) => [
      names[operation],
      ...languages.map((each) => round(1e6 / median(run.measured[each].cpuUs[operation]))),
      spread(ratios(run.measured, operation)),
    ]),
  )

const timesTable = (run: Run): string =>
  table(
    ['', 'requests a second', 'Node p50, p99, ms', 'Go p50, p99, ms'],
    operations.map((operation) => [
      names[operation],
      `${run.rates[operation]}`,
      ...languages.map((each) => {
        const sorted = run.measured[each].times[operation]
        return `${round(quantile(sorted, 0.5), 1)}, ${round(quantile(sorted, 0.99), 1)}`
      }),
    ]),
  )

const processTable = ({ measured, sizes }: Run): string => {
  const row = (title: string, of: (language: Language) => string) => [title, ...languages.map(of)]
  const ofProcess = (title: string) => [
    row(`${title}: start until ready, ms`, (each) =>
      processMedian(measured[each], title, 'startMs'),
    ),
    row(`${title}: memory after the start, MB`, (each) =>
      processMedian(measured[each], title, 'idleMb'),
    ),
    row(`${title}: memory after load, MB`, (each) =>
      processMedian(measured[each], title, 'loadedMb'),
    ),
  ]
  const ofService = ([service, size]: [string, Record<Language, Size>]) => [
    row(`${service}: program without packages, MB`, (each) => round(size[each].programMb, 1)),
    row(`${service}: lines of the service`, (each) => `${size[each].serviceLines}`),
    row(`${service}: lines shared with other services`, (each) => `${size[each].sharedLines}`),
  ]
  return table(
    ['', 'Node', 'Go'],
    [
      ...groups.flatMap(({ title }) => ofProcess(title)),
      ...Object.entries(sizes).flatMap((entry) => ofService(entry)),
    ],
  )
}

const processMedian = (figures: Figures, title: string, name: keyof ProcessFigures): string =>
  round(median(figures.process[title]?.[name] ?? []))

const priceTable = (run: Run): string =>
  table(
    ['a million of', 'Node', 'Go', 'saved'],
    operations.map((operation) => {
      const [node = 0, go = 0] = languages.map((each) =>
        priceOfMillion(run.measured[each], operation, run.price),
      )
      return [names[operation], round(node, 4), round(go, 4), `${round((1 - go / node) * 100)} %`]
    }),
  )

const bar = (value: number): string => '█'.repeat(Math.max(1, Math.round(value * 10)))

/** The ratio of each operation as a bar; ten blocks are the CPU of Go. */
const chart = (run: Run): string =>
  [
    '```',
    ...operations.map((operation) => {
      const ratio = median(ratios(run.measured, operation))
      return `${names[operation].padEnd(33)} ${bar(ratio)} ×${round(ratio, 2)}`
    }),
    '```',
  ].join('\n')

/** The operations that gain in every round, judged by the lowest ratio. */
const advice = (run: Run): string => {
  const gains = operations.filter((each) => Math.min(...ratios(run.measured, each)) > 1.1)
  const rest = operations.filter((each) => !gains.includes(each))
  const listed = (all: readonly Operation[]) => all.map((each) => names[each]).join(', ') || 'none'
  return `In every round Go used at least a tenth less CPU for: ${listed(gains)}. It did not for: ${listed(rest)}.`
}

export const reportOf = (run: Run): string =>
  [
    '# auth and order in Node and in Go (H3, H4)',
    `${run.startedAt}, commit ${run.commit}, ${run.machine}. ${run.rounds} rounds in turn, ${run.sliceMs / 1_000} s for each operation. The same contract, SQL, parameters of argon2id and number of connections, one core; the clients, product and PostgreSQL are on the other, and are not counted. **First figures, not verdicts**: the times depend on what else the machine does; the ratios of CPU are taken within a round.`,
    `**Result**: ${advice(run)}`,
    '**Advice**: switch on M6 and M2 first: they take most checks of tokens away from auth. Choose auth in Go if instances have to be small or to start quickly, or if the operations above that gain use up its cores. For orders, switch on M1, H1 and M8 first: they save more than a language does. Choose order in Go if order itself then uses up a core; what product and PostgreSQL use stays the same.',
    '## CPU',
    requestsTable(run),
    'CPU of Node as a multiple of the CPU of Go:',
    chart(run),
    '## Price',
    `At ${run.price.coreHour} a core-hour and ${run.price.gbHour} a GB-hour (\`--core-hour\`, \`--gb-hour\`), on a core that does nothing else:`,
    priceTable(run),
    '## Process',
    processTable(run),
    '## Response times at a fixed rate',
    timesTable(run),
    '',
  ].join('\n\n')
