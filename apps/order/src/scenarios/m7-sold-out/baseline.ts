import type { WithSoldOut } from './seam.ts'

/** Product is asked for every order. */
export const askEachTime = (): WithSoldOut => (client) => client
