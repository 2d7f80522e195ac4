/** Tables in Markdown, for the reports of measurements and of faults. */

/** The first cell of a row names the row. */
export type Table = {
  caption: string
  columns: readonly Column[]
  rows: readonly (readonly string[])[]
}

export type Column = { head: string; holds: 'text' | 'figures' }

export const text = (head: string): Column => ({ head, holds: 'text' })
export const figures = (head: string): Column => ({ head, holds: 'figures' })

export const tableMarkdown = ({ caption, columns, rows }: Table): string =>
  [
    `**${markdownText(caption)}**`,
    '',
    lineOf(columns.map(({ head }) => head)),
    lineOf(columns.map(({ holds }) => (holds === 'text' ? ':--' : '--:'))),
    ...rows.map(lineOf),
  ].join('\n')

const lineOf = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`

/** Escapes a text so that it contains no markup and does not end its cell. */
export const markdownText = (words: string): string =>
  words
    .replace(/[\\`*|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('](', ']\\(')
    .replace(/\s*\n\s*/g, ' ')
