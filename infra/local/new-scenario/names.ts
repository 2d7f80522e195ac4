import { type AppName, scenarioIds } from '@flash-deal/config'
import { PlainError } from '../plain-error.ts'

/** The names of a scenario in code, files and prose. */
export type Names = {
  /** The id in the scenario table: `X1`. */
  id: string
  slug: string
  app: AppName
  /** The folder and the plugin: `x1-some-name`. */
  folder: string
  /** The decorator and the plugin's export: `someName`. */
  value: string
  /** The seam's type: `SomeName`. */
  type: string
  /** The title: `Some name`. */
  title: string
}

const apps: readonly AppName[] = ['gateway', 'auth', 'product', 'order']

/** @throws PlainError for a name that is not valid in the table, the tests or JavaScript */
export const namesFrom = (id: string, slug: string, app: string): Names => {
  const known = apps.find((each) => each === app)
  if (!known) throw new PlainError(`There is no app ${app}. Use --app with ${apps.join(', ')}.`)
  if (!/^[a-z]\d{1,2}$/i.test(id)) {
    throw new PlainError(`${id} is not an id: use a letter and a number, such as x1.`)
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) {
    throw new PlainError(
      `${slug} is not a name: use lower-case words with hyphens, such as some-name.`,
    )
  }
  const upper = id.toUpperCase()
  if ((scenarioIds as string[]).includes(upper)) {
    throw new PlainError(`${upper} exists. Use another id.`)
  }
  const words = slug.split('-')
  const type = words.map(capitalized).join('')
  return {
    id: upper,
    slug,
    app: known,
    folder: `${id.toLowerCase()}-${slug}`,
    value: type.charAt(0).toLowerCase() + type.slice(1),
    type,
    title: capitalized(words.join(' ')),
  }
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
