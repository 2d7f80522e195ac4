import { variantsOf } from '@flash-deal/config'
import { figures, type Table, tableMarkdown, text } from '@flash-deal/local/markdown-table'
import { none, whole } from '../report/numbers.ts'
import { sum } from '../stats/mean.ts'
import { quantile } from '../stats/quantile.ts'
import type { Fairness, Round } from './record.ts'

/** The report of `npm run lab -- fairness`. */

export const pageOf = (run: Fairness): string =>
  [
    '# Fairness: order of arrival and order of sale',
    `Commit ${run.commit}, started ${run.startedAt}, seed ${run.seed}. Machine: ${run.machine}, Node ${run.node}.`,
    tableMarkdown(fairnessTable(run)),
    `${explained}\n`,
  ].join('\n\n')

const explained =
  'All buyers send their request within a second, through the gateway, from twenty accounts, in an open loop. The deal has units for half of them. An inversion is a pair of a successful and a rejected order in which the rejected one arrived first. A share of 0 % of all such pairs is first come, first served; 50 % is a random order. A round is void if a request could not be sent in time, or if a response was neither an order nor a rejection.'

/** A row for each variant and number of buyers. */
export const fairnessTable = ({ rounds }: Pick<Fairness, 'rounds'>): Table => ({
  caption: 'A deal with units for half of its buyers',
  columns: [
    text('Variant'),
    figures('Buyers per second'),
    figures('Rounds'),
    figures('Void'),
    figures('Inversions, median [least..most]'),
    figures('Successful orders in each tenth of the arrivals'),
  ],
  rows: variantsOf('M1').flatMap((variant) =>
    rowsOf(rounds.filter((it) => it.variant === variant)),
  ),
})

const rowsOf = (ofVariant: readonly Round[]): string[][] =>
  [...Map.groupBy(ofVariant, ({ buyers }) => buyers)]
    .sort(([one], [other]) => one - other)
    .map(([, rounds]) => rowOf(rounds))

const rowOf = (rounds: readonly Round[]): string[] => {
  const valid = rounds.filter((round) => round.void === undefined)
  return [
    rounds[0]?.variant ?? none,
    whole(rounds[0]?.buyers ?? 0),
    whole(rounds.length),
    whole(rounds.length - valid.length),
    ...(valid.length === 0 ? [none, none] : [inversionsIn(valid), sharesIn(valid)]),
  ]
}

/** `0.32 % [0.10..0.94]`. */
const inversionsIn = (rounds: readonly Round[]): string => {
  const ascending = rounds.map(({ inversions }) => inversions).sort((one, other) => one - other)
  const figures = [quantile(ascending, 0.5), ascending[0], ascending.at(-1)]
  const [middle, least, most] = figures.map((share = Number.NaN) => (100 * share).toFixed(2))
  return `${middle} % [${least}..${most}]`
}

/** `100, 100, …, 0 %`, over all rounds. */
const sharesIn = (rounds: readonly Round[]): string => {
  const tenths = rounds[0]?.came.keys() ?? []
  const total = (of: 'came' | 'won', tenth: number) => sum(rounds.map((it) => it[of][tenth] ?? 0))
  const shares = [...tenths].map((tenth) => (100 * total('won', tenth)) / total('came', tenth))
  return `${shares.map(whole).join(', ')} %`
}
