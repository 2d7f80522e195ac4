/**
 * A pattern that matches every text but these; RE2 has no look-ahead. For allow lists of headers,
 * because Envoy removes headers by a pattern of their names.
 */
export const namesExcept = (names: readonly string[]): string => `(?:${others(new Set(names))})`

const others = (rests: ReadonlySet<string>): string => {
  const byFirst = Map.groupBy(
    [...rests].filter((rest) => rest !== ''),
    ([first = '']) => first,
  )
  const ends = rests.has('') ? [] : ['']
  const firsts = [...byFirst.keys()].toSorted().map(escaped).join('')
  const elsewhere = firsts === '' ? '.+' : `[^${firsts}].*`
  const deeper = [...byFirst].map(
    ([first, all]) => `${escaped(first)}(?:${others(new Set(all.map((rest) => rest.slice(1))))})`,
  )
  return [...ends, elsewhere, ...deeper].join('|')
}

const escaped = (character: string): string => character.replace(/[\\^\]\-.[()*+?|{}$]/, '\\$&')
