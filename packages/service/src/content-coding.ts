/** The content codings of a response. `identity` is uncompressed. */
export type Coding = 'br' | 'zstd' | 'gzip' | 'identity'

/**
 * The offered coding with the highest weight; the first of equals. `identity` if the client accepts
 * none of them.
 * @param header Accept-Encoding as received
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export const codingFor = (header: string | undefined, offered: readonly Coding[]): Coding => {
  if (header === undefined) return 'identity'
  const weights = weightsIn(header)
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0
  const best = Math.max(...offered.map(weightOf))
  // Without an explicit weight, identity is acceptable, below every named coding.
  const isBetter = best > 0 && best >= (weights.get('identity') ?? 0)
  return (isBetter && offered.find((coding) => weightOf(coding) === best)) || 'identity'
}

/** Weights from 0 to 1 by name. An invalid weight counts as 0. */
const weightsIn = (header: string): Map<string, number> =>
  new Map(
    header
      .toLowerCase()
      .split(',')
      .map((entry) => entry.split(';').map((part) => part.trim()))
      .map(([name = '', weight = 'q=1']) => [aliases.get(name) ?? name, weightIn(weight)]),
  )

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3 */
const aliases = new Map([['x-gzip', 'gzip']])

const weightIn = (parameter: string): number =>
  Number(/^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1] ?? 0)
