/** The rows of a requested page. */
export type PageOfProducts = {
  /** Null: all categories. */
  category: string | null
  size: number
  /** The number of rows before the page; undefined with a cursor, since rows may have been inserted before it. */
  skip: number | undefined
}

/** A product that was added to one category and, unless it was created, removed from another. */
export type Move = {
  /** The id of its transaction in PostgreSQL. */
  transaction_id: string
  from?: string | null
  to: string | null
}

/** E7: the source of the total of the product list. */
export type ProductTotal = {
  /** The number of rows on all pages; the rows of this page are read concurrently. */
  of(page: PageOfProducts, items: Promise<readonly unknown[]>): Promise<number>
  /** Call it after the commit of the transaction. */
  moved(move: Move): void
}

declare module 'fastify' {
  interface FastifyInstance {
    productTotal: ProductTotal
  }
}
