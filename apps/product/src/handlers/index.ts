import { confirmReservations } from './confirm-reservations.ts'
import { createDeal } from './create-deal.ts'
import { createProduct } from './create-product.ts'
import { createReservations } from './create-reservations.ts'
import { getDeal } from './get-deal.ts'
import { getProduct } from './get-product.ts'
import { getStock } from './get-stock.ts'
import { listActiveDeals } from './list-active-deals.ts'
import { listProducts } from './list-products.ts'
import { releaseReservation } from './release-reservation.ts'
import { updateProduct } from './update-product.ts'
import { updateStock } from './update-stock.ts'

export const handlers = {
  confirmReservations,
  createDeal,
  createProduct,
  createReservations,
  getDeal,
  getProduct,
  getStock,
  listActiveDeals,
  listProducts,
  releaseReservation,
  updateProduct,
  updateStock,
}
