import type { Arm, Role } from '../record.ts'
import { type Html, html } from './html.ts'

/** The style of an arm in every chart of a run: its colour, and the shape of its role. */

type Arms = readonly Pick<Arm, 'name' | 'role'>[]

export type ArmStyle = {
  colour: string
  symbol: string
  sign: string
  line: 'solid' | 'dashed' | 'dotted'
}

const shapes: Readonly<Record<Role, Omit<ArmStyle, 'colour'>>> = {
  baseline: { symbol: 'circle', sign: '●', line: 'solid' },
  repeat: { symbol: 'diamond', sign: '◆', line: 'dashed' },
  treatment: { symbol: 'triangle', sign: '▲', line: 'solid' },
  ceiling: { symbol: 'rect', sign: '■', line: 'dotted' },
}

/** The number of colours in the style sheet, for both schemes; further arms repeat them. */
const colours = { arm: 12, process: 8 }

export const colourOf = (of: 'arm' | 'process', index: number): string =>
  `var(--${of}-${(index % colours[of]) + 1})`

export const styleOf = (arms: Arms, name: string): ArmStyle => {
  const index = arms.findIndex((arm) => arm.name === name)
  return {
    ...shapes[arms[index]?.role ?? 'treatment'],
    colour: colourOf('arm', Math.max(0, index)),
  }
}

/** @param entries a sign, its colour and its meaning */
export const legendHtml = (entries: readonly { sign: string; colour: string; name: string }[]) =>
  html`<ul class="legend">${entries.map(entryHtml)}</ul>`

const entryHtml = ({ sign, colour, name }: { sign: string; colour: string; name: string }): Html =>
  html`<li><span aria-hidden="true" style="color: ${colour}">${sign}</span> ${name}</li>`

export const armLegend = (arms: Arms) => arms.map(({ name }) => ({ name, ...styleOf(arms, name) }))
