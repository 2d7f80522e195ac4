import { randomUUID } from 'node:crypto'
import { newDeal, newProduct, newUser, password, type User, windowIn } from './client.ts'

const shipping_address = {
  recipient_name: 'Mina Kim',
  phone: '010-1234-5678',
  address: '12 Sejong-daero, Jung-gu, Seoul',
  address_detail: 'Room 304',
  postal_code: '04524',
}

export type Shop = { owner: User; product_id: string; deal_id: string; order_id: string }

/** One user with one of everything that a path can name: a product, a deal, and an order of both. */
export const openShop = async (url: string): Promise<Shop> => {
  const owner = await newUser(url)
  const product_id = await newProduct(owner, 50)
  const deal_id = await newDeal(owner, { product_id, deal_stock: 10 })
  const body = { items: [{ product_id, deal_id, quantity: 1 }], shipping_address }
  const ordered = await owner.call('POST /orders', { body })
  return { owner, product_id, deal_id, order_id: ordered.body.id }
}

/** The id in the path of an operation. */
export const idIn = (shop: Shop, path: string): string =>
  path.includes('{deal_id}')
    ? shop.deal_id
    : path.includes('{order_id}')
      ? shop.order_id
      : shop.product_id

const product = {
  name: 'Hanbit Headphones Pro',
  price: 129_000,
  description: 'Light and quiet.',
  category: 'Electronics',
  image_url: 'https://images.example.com/headphones.jpg',
}

/** For each operation with a body, one with every field of its contract, which its service takes. */
export const bodiesFor = ({ owner, product_id, deal_id }: Shop) => ({
  registerUser: { email: `${randomUUID()}@example.com`, password, name: 'Mina Kim' },
  loginUser: { email: owner.email, password },
  refreshToken: { refresh_token: String(owner.session.refresh_token) },
  createProduct: { ...product, stock: 5 },
  updateProduct: product,
  updateStock: { delta: 5 },
  createDeal: { product_id, deal_price: 1, deal_stock: 1, per_user_limit: 1, ...windowIn() },
  createOrder: { items: [{ product_id, deal_id, quantity: 1 }], shipping_address },
  cancelOrder: { reason: 'Ordered by mistake.' },
})
