import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Comparison } from '../summary.ts'
import { evidenceOf, type ReportOptions, type ReportRun } from './evidence.ts'
import { type Html, html, nothing, trusted } from './html.ts'
import { titleOf, verdictSentence } from './phrases.ts'
import { runHtml } from './run-html.ts'

const style = trusted(readFileSync(join(import.meta.dirname, 'report.css'), 'utf8'))

/** The page runs no scripts and loads no resources, even if a text in it contains markup. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/**
 * One page that works offline: the verdicts first, then each run with its charts and tables. Runs
 * under different loads never share a table.
 */
export const htmlReport = (runs: readonly ReportRun[], options: ReportOptions = {}): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${titleOfAll(runs)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${titleOfAll(runs)}</h1>
${incompleteNote(options)}
${runs.flatMap(verdictsOf)}
</header>
<main>
${runs.map((run, index) => runHtml(evidenceOf(run), options, index))}
</main>
</body>
</html>
`.markup

const titleOfAll = (runs: readonly ReportRun[]): string =>
  [...new Set(runs.map(({ header }) => titleOf(header)))].join(' · ')

const incompleteNote = ({ incomplete }: ReportOptions): Html =>
  incomplete === undefined
    ? nothing
    : html`<p class="note" role="note"><strong>Incomplete.</strong> ${incomplete}</p>`

/** One line with the best variant and its ratio, then the other variants in the order of the run. */
const verdictsOf = ({ header, summary: { comparisons } }: ReportRun): Html[] => {
  const best = comparisons.toSorted((one, other) => rankOf(other) - rankOf(one))[0]
  const rest = comparisons.filter((it) => it !== best)
  return [
    ...(best
      ? [
          html`<p class="verdict" data-kind="${best.verdict.kind}">${verdictSentence(header, best)}</p>\n`,
        ]
      : []),
    ...(rest.length > 0
      ? [
          html`<ul class="rest">${rest.map((it) => html`<li>${verdictSentence(header, it)}</li>\n`)}</ul>\n`,
        ]
      : []),
  ]
}

/** The fastest variant that is faster; otherwise the first variant with a verdict. */
const rankOf = ({ verdict, found }: Comparison): number => {
  if (verdict.kind === 'faster') return 2 + (found?.ratio ?? 0)
  return isVerdict(verdict.kind) ? 1 : 0
}

const isVerdict = (kind: Comparison['verdict']['kind']): boolean =>
  kind !== 'INVALID' && kind !== 'inconclusive'
