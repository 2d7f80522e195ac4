import t from 'tap'
import { type Place, placesOf, startOrdersOf } from '../design.ts'

/** The order in which arms are measured. */

const arms = (treatments: readonly string[]) => [
  { name: 'A', role: 'baseline' as const },
  { name: "A'", role: 'repeat' as const },
  ...treatments.map((name) => ({ name, role: 'treatment' as const })),
  { name: 'L', role: 'ceiling' as const },
]

const plan = (treatments: readonly string[], seed = 1) =>
  placesOf(seed, { arms: arms(treatments), restarts: 20, blocks: 8 })

const blocksOf = (restarts: readonly (readonly Place[])[]): Place[][] =>
  restarts.flatMap((places) =>
    Array.from({ length: 8 }, (_, block) =>
      byPart(places.filter((place) => place.block === block)),
    ),
  )

/** The baseline next to a treatment counts as A, whichever of the two it is. */
const byPart = (places: readonly Place[]): Place[] =>
  places.map((place) =>
    isBaseline(place)
      ? { ...place, arm: places.some((other) => isTried(other, place)) ? 'A' : "A'" }
      : place,
  )

const isBaseline = ({ arm }: Place) => arm.startsWith('A')
const isTried = (place: Place, baseline: Place) =>
  place.arm.startsWith('B') &&
  place.pair === baseline.pair &&
  Math.abs(place.position - baseline.position) === 1

const spelled = (places: readonly Place[]) => places.map(({ arm }) => arm)
const core = (places: readonly Place[]) =>
  spelled(places).filter((arm) => arm !== 'L' && arm !== "A'")

const shareOf = <Item>(items: readonly Item[], holds: (item: Item) => boolean) =>
  items.filter(holds).length / items.length

t.test('with one treatment a block is ABBA or BAAB, each about as often', async (t) => {
  const orders = blocksOf(plan(['B'])).map((block) => core(block).join(''))
  t.strictSame([...new Set(orders)].sort(), ['ABBA', 'BAAB'])
  const share = shareOf(orders, (order) => order === 'ABBA')
  t.ok(share > 0.35 && share < 0.65, `${share}`)
})

for (const treatments of [['B'], ['B1', 'B2'], ['B1', 'B2', 'B3']]) {
  const many = `with ${treatments.length} treatments`
  const restarts = plan(treatments)
  const blocks = blocksOf(restarts)

  t.test(`${many} every block has the right number of slices of each arm`, async (t) => {
    const wanted = [
      ...treatments,
      ...treatments,
      ...treatments.flatMap(() => ['A', 'A']),
      "A'",
      'L',
    ]
    const odd = blocks.filter((block) => `${spelled(block).sort()}` !== `${wanted.sort()}`)
    t.strictSame(odd, [])
    t.ok(blocks.every((block) => block.every(({ position }, at) => position === at)))
    t.strictSame([restarts.length, blocks.length], [20, 160])
  })

  t.test(`${many} compared arms are neighbours, in both orders`, async (t) => {
    const sides = new Map<string, number[]>()
    for (const block of blocks) {
      for (const [one, other] of comparedIn(block, treatments)) {
        const [first, second] = [find(block, one), find(block, other)]
        const key = `${one.arm} ${other.arm}`
        sides.set(key, [...(sides.get(key) ?? []), second - first])
      }
    }
    for (const [key, steps] of sides) {
      t.ok(
        steps.every((step) => Math.abs(step) === 1),
        key,
      )
      const after = shareOf(steps, (step) => step === 1)
      t.ok(after > 0.3 && after < 0.7, `${key}: ${after}`)
    }
    t.equal(sides.size, 2 * treatments.length + 1)
  })

  t.test(`${many} a steady drift cancels out in each block`, async (t) => {
    const off = blocks.flatMap((block) => {
      const order = core(block)
      return ['A', ...treatments].filter((name) => {
        const at = order.flatMap((arm, position) => (arm === name ? [position] : []))
        return at.reduce((total, place) => total + place, 0) / at.length !== (order.length - 1) / 2
      })
    })
    t.strictSame(off, [])
  })

  t.test(
    `${many} each treatment is next to the ceiling equally often in every restart`,
    async (t) => {
      for (const places of restarts) {
        const met = places
          .filter(({ arm }) => arm === 'L')
          .map((ceiling) => places.find((place) => isBeside(place, ceiling, treatments))?.arm)
        const times = treatments.map((name) => met.filter((arm) => arm === name).length)
        t.ok(Math.max(...times) - Math.min(...times) <= 1, `${times}`)
        t.equal(met.length, 8)
      }
    },
  )
}

const isBeside = (place: Place, ceiling: Place, treatments: readonly string[]) =>
  place.block === ceiling.block && place.pair === ceiling.pair && treatments.includes(place.arm)

/** A with each treatment twice, A with A', a treatment with L: all that share a pair. */
const comparedIn = (block: readonly Place[], treatments: readonly string[]) =>
  block.flatMap((one) =>
    block
      .filter((other) => other.pair === one.pair)
      .filter(
        (other) =>
          (one.arm === 'A' && (other.arm === "A'" || treatments.includes(other.arm))) ||
          (treatments.includes(one.arm) && other.arm === 'L'),
      )
      .map((other) => [one, other] as const),
  )

const find = (block: readonly Place[], place: Place) => block.indexOf(place)

t.test('the two baselines get about as many slices each, in every restart', async (t) => {
  for (const places of plan(['B1', 'B2'])) {
    const share = shareOf(places.filter(isBaseline), ({ arm }) => arm === 'A')
    t.ok(share > 0.2 && share < 0.8, `${share}`)
  }
})

t.test('the same seed gives the same order, another seed another', async (t) => {
  t.strictSame(plan(['B'], 7), plan(['B'], 7))
  t.notSame(plan(['B'], 7), plan(['B'], 8))
})

t.test('a design with more restarts starts with the same ones', async (t) => {
  const short = placesOf(3, { arms: arms(['B']), restarts: 2, blocks: 8 })
  t.strictSame(plan(['B'], 3).slice(0, 2), short)
})

t.test('the ceiling and the second baseline are optional', async (t) => {
  const few = arms(['B']).filter(({ role }) => role === 'baseline' || role === 'treatment')
  const [places = []] = placesOf(1, { arms: few, restarts: 1, blocks: 8 })
  t.equal(places.length, 32)
})

t.test('a design needs exactly one baseline and a treatment', async (t) => {
  const design = (names: ReturnType<typeof arms>) => () =>
    placesOf(1, { arms: names, restarts: 1, blocks: 1 })
  t.throws(design(arms([])), RangeError)
  t.throws(design(arms(['B']).slice(1)), RangeError)
  t.throws(design([...arms(['B']), { name: 'A2', role: 'baseline' }]), RangeError)
})

t.test('each arm starts at each position about as often', async (t) => {
  const orders = startOrdersOf(1, arms(['B']), 1_000)
  t.strictSame(orders, startOrdersOf(1, arms(['B']), 1_000), 'the same seed, the same orders')
  for (const { name } of arms(['B'])) {
    for (const position of [0, 1, 2, 3]) {
      const share = shareOf(orders, (order) => order[position]?.name === name)
      t.ok(share > 0.2 && share < 0.3, `${name} at ${position}: ${share}`)
    }
  }
})
