/**
 * The demo catalogue: 200 products, the same at every start. A few categories have most products, the
 * last categories have one each, as in a real shop.
 */

export type DemoProduct = {
  name: string
  description: string
  category: string
  /** Price in won. */
  price: number
  stock: number
}

type Range = { category: string; count: number; from: number; to: number; things: string }

const ranges: Range[] = [
  {
    category: 'Electronics',
    count: 56,
    from: 19_000,
    to: 1_900_000,
    things: 'Headphones,Laptop,Keyboard,Monitor,Speaker,Charger,Camera',
  },
  {
    category: 'Fashion',
    count: 42,
    from: 9_900,
    to: 320_000,
    things: 'Jacket,Sneakers,Backpack,Cardigan,Jeans,Scarf',
  },
  {
    category: 'Kitchen',
    count: 30,
    from: 7_900,
    to: 460_000,
    things: 'Rice Cooker,Frying Pan,Knife Set,Kettle,Teapot',
  },
  {
    category: 'Home',
    count: 21,
    from: 5_900,
    to: 890_000,
    things: 'Desk Lamp,Armchair,Bookshelf,Blanket',
  },
  { category: 'Beauty', count: 15, from: 6_900, to: 140_000, things: 'Sunscreen,Serum,Hand Cream' },
  {
    category: 'Sports',
    count: 11,
    from: 12_000,
    to: 680_000,
    things: 'Yoga Mat,Tent,Running Vest',
  },
  { category: 'Books', count: 8, from: 9_000, to: 42_000, things: 'Atlas,Cookbook' },
  { category: 'Toys', count: 5, from: 8_900, to: 120_000, things: 'Puzzle,Wooden Train' },
  { category: 'Garden', count: 3, from: 11_000, to: 210_000, things: 'Watering Can,Planter' },
  { category: 'Music', count: 2, from: 39_000, to: 1_200_000, things: 'Ukulele,Digital Piano' },
  { category: 'Pets', count: 2, from: 9_900, to: 88_000, things: 'Cat Tower,Dog Bed' },
  { category: 'Stationery', count: 1, from: 28_000, to: 28_000, things: 'Fountain Pen' },
  { category: 'Collectibles', count: 1, from: 990_000, to: 990_000, things: 'Moon Jar' },
]

const makers = 'Hanbit,Namu,Dalbit,Sora,Miru,Garam,Onnuri,Byeol,Areum,Nuri,Haneul'.split(',')
const editions =
  'Classic,Mini,Pro,Air,Light,Studio,Everyday,Max,Select,Plus,Original,One,Duo'.split(',')
const virtues =
  'Made to last.,A bestseller of last season.,Light and quiet.,Ships the next day.'.split(',')

export const featuredCategory = 'Flash deals'

/** Products with a deal. They are created last, so if they exist the catalogue is complete. */
export const featured = {
  active: {
    name: 'Hanbit Noise-Cancelling Headphones',
    description: 'Thirty hours of quiet. Today at a third of its price.',
    category: featuredCategory,
    price: 289_000,
    stock: 100_000,
  },
  scheduled: {
    name: 'Namu Cast-Iron Pot 24 cm',
    description: 'For stews that take their time. Its deal opens tomorrow.',
    category: featuredCategory,
    price: 129_000,
    stock: 50_000,
  },
  nearlySoldOut: {
    name: 'Byeol Folding Bicycle',
    description: 'Folds in ten seconds, fits below a desk. Only a few are left.',
    category: featuredCategory,
    price: 749_000,
    stock: 100,
  },
} satisfies Record<string, DemoProduct>

/** A pseudo-random generator with a fixed seed (mulberry32). */
const numbers = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const productsOf = (range: Range, next: () => number): DemoProduct[] => {
  const things = range.things.split(',')
  return Array.from({ length: range.count }, (_, index) => {
    const thing = things[index % things.length] ?? ''
    const edition = editions[Math.floor(index / things.length) % editions.length]
    const maker = makers[(index * 7 + range.count) % makers.length]
    return {
      name: `${maker} ${thing} ${edition}`,
      description: `${thing} by ${maker}. ${virtues[Math.floor(next() * virtues.length)]}`,
      category: range.category,
      price: priceBetween(range, next()),
      stock: Math.floor(next() ** 2 * 480) + 20,
    }
  })
}

/** Log-uniform prices, skewed to cheap ones and rounded to 100. */
const priceBetween = ({ from, to }: Range, chance: number): number =>
  Math.round((from * (to / from) ** (chance ** 1.5)) / 100) * 100

/** All products except the three featured ones. */
export const catalogue = (): DemoProduct[] => {
  const next = numbers(2026)
  return ranges.flatMap((range) => productsOf(range, next))
}
