import { setTimeout as sleep } from 'node:timers/promises'
import { Link } from '@flash-deal/testing/link'
import { type PrepareFault, restartWith, type ServiceSettings } from './prepared-fault.ts'

/** A fault on the connection between a service and its store; resolves when it has taken effect once. */
export type Disturb = (link: Link) => void | Promise<void>

/** Maximum time until the fault takes effect. */
const effectiveWithinMs = 10_000

/** The connections of product and order to PostgreSQL. */
export const disturbPostgres =
  (disturb: Disturb): PrepareFault =>
  (context) => {
    const { productUrl, orderUrl } = context.stack.databases
    return disturbLinks([productUrl, orderUrl], disturb, ([product, order]) => ({
      product: { PRODUCT_DATABASE_URL: product },
      order: { ORDER_DATABASE_URL: order },
    }))(context)
  }

/** The connection of product to Redis. */
export const disturbRedis =
  (disturb: Disturb): PrepareFault =>
  (context) =>
    disturbLinks(
      [`redis://127.0.0.1:${context.stack.settings.VALKEY_PORT}`],
      disturb,
      ([redis]) => ({
        product: { REDIS_URL: redis },
      }),
    )(context)

/** The connection of product to the first of its lock servers. */
export const disturbRedlock =
  (disturb: Disturb): PrepareFault =>
  (context) => {
    const [first = '', ...others] = context.stack.settings.REDLOCK_PORTS.map(
      (port) => `redis://127.0.0.1:${port}`,
    )
    return disturbLinks([first], disturb, (urls) => ({
      product: { REDLOCK_URLS: [...urls, ...others].join() },
    }))(context)
  }

type SettingsOf = (urls: readonly string[]) => ServiceSettings

const disturbLinks =
  (urls: readonly string[], disturb: Disturb, settingsOf: SettingsOf): PrepareFault =>
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
        // One link is enough: without product's answers, for example, order commits nothing.
        const effective = Promise.race(links.map(async (link) => disturb(link)))
        const timeout = sleep(effectiveWithinMs, 'the fault had no effect' as const, { ref: false })
        return Promise.race([effective.then(() => undefined), timeout])
      },
      recover: async () => {
        for (const link of links) link.restore()
      },
      cleanup: () => restore().finally(endAll),
    }
  }
