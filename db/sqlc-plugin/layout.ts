/** Formats as Biome does, so that the formatter does not change generated code. */
const lineWidth = 100

type Parts = { open: string; items: readonly string[]; close: string }

/** Items on one line if they fit, otherwise one per line. */
export const brackets = ({ open, items, close }: Parts, style: Style, indent = 0): string => {
  const { pad, separator, end } = style
  const flat = `${open}${pad}${items.join(separator)}${pad}${close}`
  if (items.length === 0 || fits(flat, indent)) return items.length ? flat : open + close
  const lines = items.map((item) => `${' '.repeat(indent + 2)}${item}${end}\n`)
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}

export type Style = { pad: string; separator: string; end: string }

/** Members of an object type. */
export const members: Style = { pad: ' ', separator: '; ', end: '' }

/** Elements of an array, parameters of a function. */
export const elements: Style = { pad: '', separator: ', ', end: ',' }

export const fits = (line: string, indent = 0): boolean =>
  indent + line.length <= lineWidth && !line.includes('\n')

/** A doc comment. `*\/` is escaped, because it would end the comment. */
export const docComment = (lines: readonly string[]): string => {
  const safe = lines.map((line) => line.replaceAll('*/', String.raw`*\/`))
  if (lines.length === 1) return `/** ${safe.join()} */`
  return ['/**', ...safe.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n')
}

/** A union of string literals, on one line if they fit. */
export const union = (open: string, texts: readonly string[]): string => {
  const literals = texts.map((text) => `'${text.replace(/[\\']/g, String.raw`\$&`)}'`)
  const flat = `${open} ${literals.join(' | ')}`
  return fits(flat) ? flat : [open, ...literals.map((literal) => `  | ${literal}`)].join('\n')
}

/** A template literal with exactly this text. */
export const templateLiteral = (text: string): string =>
  `\`${text.replace(/[\\`]|\$(?=\{)/g, String.raw`\$&`)}\``
