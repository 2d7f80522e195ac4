/** Which rows a page asks for. */
export type PageOfProducts = {
  /** All of them where it is null. */
  category: string | null
  size: number
  /** Rows before the page; undefined in a walk by cursor, since more may have come before it. */
  skip: number | undefined
}

/** A product that is new in one category, and, unless it was created, gone from another. */
export type Move = {
  /** The transaction that did it, as PostgreSQL numbers them. */
  transaction_id: string
  from?: string | null
  to: string | null
}

/** E7: where the total of the product list comes from. */
export type ProductTotal = {
  /** How many there are on all pages together; the rows of this page are on their way. */
  of(page: PageOfProducts, items: Promise<readonly unknown[]>): Promise<number>
  /** To be called when the transaction has been committed. */
  moved(move: Move): void
}

declare module 'fastify' {
  interface FastifyInstance {
    productTotal: ProductTotal
  }
}
