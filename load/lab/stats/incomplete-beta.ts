/**
 * The regularised incomplete beta function Iₓ(a, b), 0 ≤ x ≤ 1 and a, b > 0: DLMF 8.17.2, by the
 * continued fraction DLMF 8.17.22, which converges fast where x < (a + 1) / (a + b + 2). Beyond
 * that Iₓ(a, b) = 1 − I₁₋ₓ(b, a), DLMF 8.17.4.
 */
export const regularisedBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  return x < (a + 1) / (a + b + 2) ? byFraction(x, a, b) : 1 - byFraction(1 - x, b, a)
}

const byFraction = (x: number, a: number, b: number): number => {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  const factor = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta)
  return factor / (a * continuedFraction(x, a, b))
}

/** Far above the few dozen terms that a t test needs. */
const maxTerms = 1000

/**
 * 1 + d₁/(1 + d₂/(1 + …)), evaluated forwards by the modified method of Lentz (Thompson and
 * Barnett 1986, J. Comput. Phys. 64, 490–509, as in Numerical Recipes §5.2).
 */
const continuedFraction = (x: number, a: number, b: number): number => {
  let [value, c, d] = [1, 1, 0]
  for (let term = 1; term <= maxTerms; term++) {
    const partial = partialNumerator(term, x, a, b)
    d = 1 / awayFromZero(1 + partial * d)
    c = awayFromZero(1 + partial / c)
    value *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) return value
  }
  throw new RangeError(`The continued fraction did not converge for x ${x}, a ${a}, b ${b}`)
}

/** DLMF 8.17.23. */
const partialNumerator = (term: number, x: number, a: number, b: number): number => {
  const m = Math.floor(term / 2)
  const below = (a + term - 1) * (a + term)
  return term % 2 === 0 ? (m * (b - m) * x) / below : (-(a + m) * (a + b + m) * x) / below
}

const awayFromZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value)

/**
 * ln Γ(x) for x > 0 to about 15 digits: Stirling's series (DLMF 5.11.1), after Γ(x + 1) = xΓ(x) has
 * carried x up to where eight terms are enough.
 */
const logGamma = (x: number): number => {
  let [big, product] = [x, 1]
  for (; big < 10; big++) product *= big
  const inverse = 1 / (big * big)
  const series = stirling.reduceRight((sum, coefficient) => sum * inverse + coefficient, 0) / big
  return (big - 0.5) * Math.log(big) - big + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
}

/** B₂ₖ / (2k(2k − 1)) for k = 1 to 8. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
]
