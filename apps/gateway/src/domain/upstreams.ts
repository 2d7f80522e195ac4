import type { Settings } from '@flash-deal/config'

/** The services behind the gateway. */
export const upstreamNames = ['auth', 'product', 'order'] as const
export type UpstreamName = (typeof upstreamNames)[number]

export type UpstreamUrls = Readonly<Record<UpstreamName, readonly string[]>>

/** The addresses of the instances of each service. */
export const urlsOf = (settings: Settings<'gateway'>): UpstreamUrls => ({
  auth: settings.AUTH_URLS,
  product: settings.PRODUCT_URLS,
  order: settings.ORDER_URLS,
})
