import type { StockTakerOptions } from '../seam.ts'

/** Orders in a batch at most: as many as two calls may carry. */
export const sizeMax = 200

export type BatchOptions = StockTakerOptions & {
  /** Called with the number of orders of each batch, before it begins. */
  onBatch: (size: number) => void
}
