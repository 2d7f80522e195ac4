import type { Column, Table } from '@flash-deal/local/markdown-table'
import { type Html, html } from './html.ts'

/** A table that is wider than the page scrolls in its own box, also by keyboard. */
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
