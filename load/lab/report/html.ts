/** Markup that is safe to put into a page: only `html` and `trusted` make it. */
export type Html = { readonly markup: string }

type Value = string | number | Html | readonly Html[]

/** A template of HTML, in which every text is escaped. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  trusted(parts.map((part, at) => part + markupOf(values[at] ?? '')).join(''))

/** For markup from the report itself: a chart, the style sheet. */
export const trusted = (markup: string): Html => ({ markup })

export const nothing: Html = trusted('')

const markupOf = (value: Value): string => {
  if (typeof value === 'string' || typeof value === 'number') return escaped(`${value}`)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
