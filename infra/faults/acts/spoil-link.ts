import { setTimeout as sleep } from 'node:timers/promises'
import { Link } from '@flash-deal/testing/link'
import { type Arrange, restartWith, type ServiceSettings } from './act.ts'

/** What is done to the way between services and what they store in; resolves when it shows there. */
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

/** The way of product to the first of the Valkeys that hold its locks. */
export const spoilRedlock =
  (spoil: Spoil): Arrange =>
  (scene) => {
    const [first = '', ...others] = scene.stack.settings.REDLOCK_PORTS.map(
      (port) => `redis://127.0.0.1:${port}`,
    )
    return spoilLinks([first], spoil, (urls) => ({
      product: { REDLOCK_URLS: [...urls, ...others].join() },
    }))(scene)
  }

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
      inject: async () => {
        const shown = Promise.all(links.map(async (link) => spoil(link)))
        const late = sleep(showsWithinMs, 'nothing came of it' as const, { ref: false })
        return Promise.race([shown.then(() => undefined), late])
      },
      mend: async () => {
        for (const link of links) link.mend()
      },
      clear: () => restore().finally(endAll),
    }
  }
