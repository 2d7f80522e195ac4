import { type ScenarioId, scenarioIds } from '@flash-deal/config'
import { PlainError } from '@flash-deal/local/plain-error'

/**
 * Markers in a page, each on its own line: `<!-- results:e2 -->` and `<!-- /results -->`. The results
 * of that scenario are written between them; for `results:fairness`, those of `npm run lab -- fairness`.
 */

/** Other results that a page can show. */
const others = ['fairness', 'cost-layers', 'cost-gateway', 'cost-purchase', 'highlights'] as const

export type Shown = ScenarioId | (typeof others)[number]

const isScenario = (shown: Shown): shown is ScenarioId => !others.some((other) => other === shown)

const begin = /^<!-- results:(.*) -->\n/
const end = /^<!-- \/results -->$/m

/**
 * @param file the name of the page, for error messages
 * @throws PlainError for an unknown name, or a marker without its counterpart
 */
export const filled = (page: string, file: string, textOf: (of: Shown) => string): string =>
  piecesOf(page)
    .map(({ name, text, ends, after }) => {
      if (name === undefined && ends === 0) return text
      if (name === undefined)
        throw new PlainError(`${file}: a results marker ends, but none began.`)
      if (ends !== 1) throw new PlainError(`${file}: results:${name} needs one <!-- /results -->.`)
      const measured = textOf(shownBy(name, file))
      return `<!-- results:${name} -->\n${measured}\n<!-- /results -->${after}`
    })
    .join('')

/** The scenarios whose results a page shows. */
export const idsIn = (page: string, file: string): ScenarioId[] =>
  piecesOf(page)
    .flatMap(({ name }) => (name === undefined ? [] : shownBy(name, file)))
    .filter(isScenario)

/** Splits a page; all parts but the first begin with a marker. */
const piecesOf = (page: string) =>
  page.split(/^(?=<!-- results:)/m).map((text) => {
    const [, after, ...more] = text.split(end)
    const ends = after === undefined ? 0 : 1 + more.length
    return { name: begin.exec(text)?.[1], text, ends, after }
  })

const shownBy = (name: string, file: string): Shown => {
  const all: readonly Shown[] = [...scenarioIds, ...others]
  const shown = all.find((each) => each.toLowerCase() === name)
  if (shown) return shown
  const known = all.map((each) => each.toLowerCase()).join(', ')
  throw new PlainError(`${file}: there are no results of "${name}". Known: ${known}.`)
}
