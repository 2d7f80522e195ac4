/** How the bytes of an answer may be coded; `identity` is as they are. */
export type Coding = 'br' | 'zstd' | 'gzip' | 'identity'

/**
 * The coding that a client likes best of those that are offered; of equals the first. `identity`
 * where it names none, wants none, or wants nothing that is offered: then nothing better is left.
 * @param header Accept-Encoding as it came
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export const codingFor = (header: string | undefined, offered: readonly Coding[]): Coding => {
  if (header === undefined) return 'identity'
  const weights = weightsIn(header)
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0
  const best = Math.max(...offered.map(weightOf))
  // Where identity is not named it is welcome, and less so than any coding that is.
  const isBetter = best > 0 && best >= (weights.get('identity') ?? 0)
  return (isBetter && offered.find((coding) => weightOf(coding) === best)) || 'identity'
}

/** Weights from 0 to 1 by name; what nobody can read counts as refused. */
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
