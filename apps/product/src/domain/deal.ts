import type { DealGetRow } from '../gen/queries.ts'

/** A deal as the contract shows it, from a row of `deal_cards`. */
export const dealFrom = (row: DealGetRow) => {
  const { product_name, product_description, product_category, product_image_url, ...deal } = row
  return {
    ...deal,
    product: {
      id: row.product_id,
      name: product_name,
      description: product_description,
      category: product_category,
      image_url: product_image_url,
    },
  }
}
