import { dealLineOf } from '../../domain/deal-line.ts'
import { productLineOf } from '../../domain/product-line.ts'
import { takeIfThere } from './conditional.ts'
import { dealBatches } from './optimized/deal-batches.ts'
import { productBatches } from './optimized/product-batches.ts'
import type { StockTaker, StockTakerOptions } from './seam.ts'

/**
 * Orders of one line wait in the queue of their deal or product, and are taken in batches. Orders of
 * several lines are taken as in `conditional`.
 */
export const takeTogether = (options: StockTakerOptions): StockTaker => {
  const oneByOne = takeIfThere(options)
  const batching = { ...options, onBatch: counterOf(options) }
  const takeForDeal = dealBatches(batching)
  const takeForProduct = productBatches(batching, oneByOne)
  return (request) => {
    const dealLine = dealLineOf(request)
    if (dealLine) return takeForDeal({ ...request, ...dealLine })
    const productLine = productLineOf(request)
    return productLine ? takeForProduct({ ...request, ...productLine }) : oneByOne(request)
  }
}

const counterOf = ({ app }: StockTakerOptions) => {
  const [countBatch, countOrder] = [app.witness('M1', 'batch'), app.witness('M1', 'batched')]
  return (size: number): void => {
    countBatch()
    for (let order = 0; order < size; order++) countOrder()
  }
}
