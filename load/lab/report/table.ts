import { type Html, html } from './html.ts'

/** A table as both reports print it. The first cell of a row names the row. */
export type Table = {
  caption: string
  columns: readonly Column[]
  rows: readonly (readonly string[])[]
}

export type Column = { head: string; holds: 'text' | 'figures' }

export const text = (head: string): Column => ({ head, holds: 'text' })
export const figures = (head: string): Column => ({ head, holds: 'figures' })

/** Scrolls in a box of its own where it is wider than the page, by the keyboard too. */
export const tableHtml = ({ caption, columns, rows }: Table): Html => html`
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ head, holds }) => html`<th scope="col" class="${holds}">${head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => rowHtml(row, columns))}</tbody>
</table>
</div>`

const rowHtml = (
  [name = '', ...cells]: readonly string[],
  [, ...columns]: readonly Column[],
): Html =>
  html`<tr><th scope="row">${name}</th>${cells.map((cell, at) => html`<td class="${columns[at]?.holds ?? 'text'}">${cell}</td>`)}</tr>\n`

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
