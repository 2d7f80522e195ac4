import { freePorts } from '@flash-deal/local/ports'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { layout, pin } from '../cores.ts'
import { startGenerator } from '../generator/generator.ts'
import { listening } from '../instance.ts'
import { familyOf } from '../probes/cpu.ts'
import { type Observer, observe } from './observer.ts'
import { baselinePurchases, optimizedPurchases, type Purchase } from './purchases.ts'
import type { Rotation } from './record.ts'
import { measureInRotation } from './rotation.ts'
import { makeShop, type ShopSize } from './shop.ts'
import { bareName, bareTemplate, type Work } from './work.ts'

/** `npm run cost -- purchase`: the CPU cost of a buyer's requests in all processes. */

export type PurchaseOptions = {
  rounds: number
  sliceMs: number
  size: ShopSize
  abort: AbortSignal
  say: (line: string) => void
}

export const measurePurchases = async (options: PurchaseOptions): Promise<Rotation[]> => {
  const optimized = await rotationOn(options, 'all', optimizedPurchases)
  if (options.abort.aborted) return [optimized]
  return [optimized, await rotationOn(options, '', baselinePurchases)]
}

/** The measured processes; valkey only if a scenario needs it. */
const measured = ['gateway', 'auth', 'product', 'order', 'postgres', 'valkey'] as const

const rotationOn = async (
  { rounds, sliceMs, size, abort, say }: PurchaseOptions,
  scenarios: string,
  purchases: readonly Purchase[],
): Promise<Rotation> => {
  const name = `SCENARIOS=${scenarios}`
  say(`Starting a system with ${name} ...`)
  const stack = await startStack({ abort, settings: { SCENARIOS: scenarios } })
  const generator = startGenerator(layout.generator)
  let observer: Observer | undefined
  try {
    observer = await observe(stack)
    const { counts } = observer
    const shop = await makeShop(stack.url, size)
    const bare = await startBare(stack)
    const processes = processesOf(stack)
    pin(Object.values(processes).flat().flatMap(familyOf), [layout.server])
    const port = Number(new URL(stack.url).port)
    const works = purchases.map(
      ({ name, templates }): Work => ({
        name,
        port,
        templates: templates(shop),
        processes,
        counts,
      }),
    )
    const samples = await measureInRotation({
      generator,
      works: [bare, ...works],
      rounds,
      sliceMs,
      warmUpMs: sliceMs * 3,
      abort,
      say,
    })
    return { name, samples }
  } finally {
    generator.end()
    await observer?.end()
    await stack.end()
  }
}

const processesOf = ({ supervisor }: Stack): Record<string, number[]> =>
  Object.fromEntries(
    measured.flatMap((name) => {
      const pid = supervisor.pid(name)
      return pid === undefined ? [] : [[name, [pid]]]
    }),
  )

const startBare = async ({ supervisor }: Stack): Promise<Work> => {
  const [port = 0] = await freePorts(1)
  const pid = supervisor.start({
    name: bareName,
    kind: 'service',
    command: process.execPath,
    args: [`${import.meta.dirname}/bare.ts`, String(port)],
    env: {},
    output: 'lines',
  })
  await listening(`http://127.0.0.1:${port}`)
  pin([pid], [layout.server])
  return { name: bareName, port, templates: [bareTemplate], processes: { [bareName]: [pid] } }
}
