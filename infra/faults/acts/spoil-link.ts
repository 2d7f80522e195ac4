import { setTimeout as sleep } from 'node:timers/promises'
import { Link } from '@flash-deal/testing/link'
import { type Arrange, restartWith, type ServiceSettings } from './act.ts'

/** What is done to the way between services and what they store in; resolves when it shows. */
export type Spoil = (link: Link) => void | Promise<void>

/** How long that may take. */
const showsWithinMs = 10_000

/** The ways of product and order to PostgreSQL. */
export const spoilPostgres =
  (spoil: Spoil): Arrange =>
  (scene) => {
    const { productUrl, orderUrl } = scene.stack.databases
    return spoilLinks([productUrl, orderUrl], spoil, ([product, order]) => ({
      product: { PRODUCT_DATABASE_URL: product },
      order: { ORDER_DATABASE_URL: order },
    }))(scene)
  }

/** The way of product to Redis. */
export const spoilRedis =
  (spoil: Spoil): Arrange =>
  (scene) =>
    spoilLinks([`redis://127.0.0.1:${scene.stack.settings.VALKEY_PORT}`], spoil, ([redis]) => ({
      product: { REDIS_URL: redis },
    }))(scene)

type SettingsOf = (urls: readonly string[]) => ServiceSettings

const spoilLinks =
  (urls: readonly string[], spoil: Spoil, settingsOf: SettingsOf): Arrange =>
  async ({ stack }) => {
    const ends: (() => unknown)[] = []
    const t = { teardown: (end: () => unknown) => ends.push(end) }
    const endAll = (): void => {
      for (const end of ends) end()
    }
    const links = await Promise.all(urls.map((url) => Link.to(t, url)))
    const settings = settingsOf(links.map(({ url }) => url))
    const restore = await restartWith(stack, settings).catch((error) => {
      endAll()
      throw error
    })
    return {
      strike: async () => {
        const shown = Promise.any(links.map(async (link) => spoil(link)))
        const late = sleep(showsWithinMs, 'nothing came of it' as const, { ref: false })
        return (await Promise.race([shown, late])) ?? undefined
      },
      mend: async () => {
        for (const link of links) link.mend()
      },
      clear: () => restore().finally(endAll),
    }
  }
