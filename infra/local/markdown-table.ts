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

/** A text that stays a text: no cell ends, no link, no markup begins within it. */
export const markdownText = (words: string): string =>
  words
    .replace(/[\\`*|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('](', ']\\(')
    .replace(/\s*\n\s*/g, ' ')
