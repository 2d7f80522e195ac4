import { type ScenarioId, scenarioIds } from '@flash-deal/config'
import { PlainError } from '@flash-deal/local/plain-error'

/**
 * Markers in a page, each a line of its own: `<!-- results:e2 -->` and `<!-- /results -->`. What
 * was measured of that scenario is written between them, so that nobody types a figure.
 */

const begin = /^<!-- results:(.*) -->\n/
const end = /^<!-- \/results -->$/m

/**
 * @param file the page's, for the sentence of an error
 * @throws PlainError for an unknown id, and for a marker without the other
 */
export const filled = (page: string, file: string, textOf: (id: ScenarioId) => string): string =>
  piecesOf(page)
    .map(({ name, text, ends, after }) => {
      if (name === undefined && ends === 0) return text
      if (name === undefined)
        throw new PlainError(`${file}: a results marker ends, but none began.`)
      if (ends !== 1) throw new PlainError(`${file}: results:${name} needs one <!-- /results -->.`)
      const measured = textOf(idOf(name, file))
      return `<!-- results:${name} -->\n${measured}\n<!-- /results -->${after}`
    })
    .join('')

/** The scenarios whose results a page shows. */
export const idsIn = (page: string, file: string): ScenarioId[] =>
  piecesOf(page).flatMap(({ name }) => (name === undefined ? [] : idOf(name, file)))

/** All but the first begin with a marker, and so have its name. */
const piecesOf = (page: string) =>
  page.split(/^(?=<!-- results:)/m).map((text) => {
    const [, after, ...more] = text.split(end)
    const ends = after === undefined ? 0 : 1 + more.length
    return { name: begin.exec(text)?.[1], text, ends, after }
  })

const idOf = (name: string, file: string): ScenarioId => {
  const id = scenarioIds.find((each) => each.toLowerCase() === name)
  if (id) return id
  const known = scenarioIds.map((each) => each.toLowerCase()).join(', ')
  throw new PlainError(`${file}: there is no scenario "${name}" for its results. Known: ${known}.`)
}
