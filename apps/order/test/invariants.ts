import type { Sql } from 'postgres'

/**
 * What must hold at rest, whatever happened before (docs: DESIGN, invariants). Each statement
 * lists what breaks it; it is asked over both schemas, by one who may see them.
 */

/** Lines whose stock is taken: held, or sold. */
const taken = `
  select line.*, reservation.user_id
  from product.reservation_lines as line
  join product.reservations as reservation using (order_id)
  where reservation.state in ('held', 'confirmed')`

/** Lines of the orders that stand. */
const sold = `
  select item.*, placed.user_id
  from orders.order_items as item
  join orders.orders as placed on placed.id = item.order_id
  where placed.status in ('pending', 'confirmed', 'shipped', 'delivered')`

const sumOf = (lines: string, where: string) =>
  `coalesce((select sum(quantity) from (${lines}) as line where ${where}), 0)`

const ofDeal = 'line.deal_id = deal.id'
const ofProduct = 'line.product_id = product.id and line.deal_id is null'
const facts = 'order_id, line_no, user_id, product_id, deal_id, quantity, unit_price'

const broken: Readonly<Record<string, string>> = {
  'I1 more is taken or sold of a deal than was allocated': `
    select deal.id from product.deals as deal
    where ${sumOf(taken, ofDeal)} > deal_stock or ${sumOf(sold, ofDeal)} > deal_stock`,
  'I1 more is sold of a product than there was': `
    select product.id from product.products as product
    where ${sumOf(sold, ofProduct)} > supplied or stock < 0`,
  'I2 a deal has not what was allocated': `
    select deal.id from product.deals as deal
    where deal_stock <> remaining_stock + moved_back + ${sumOf(taken, ofDeal)}`,
  'I2 a product has not what was supplied': `
    select product.id from product.products as product
    where supplied <> stock + ${sumOf(taken, ofProduct)}`,
  'I2 a line is sold without its stock': `
    select ${facts} from (${sold}) as line except select ${facts} from (${taken}) as line`,
  'I2 stock is taken without an order': `
    select ${facts} from (${taken}) as line except select ${facts} from (${sold}) as line`,
  'I4 two keys stand for one order': `
    select order_id from orders.claims group by order_id having count(*) > 1`,
  'I4 the answer of a key is not its order': `
    select claim.order_id from orders.claims as claim
    left join orders.orders as placed
      on placed.id = claim.order_id and placed.user_id = claim.user_id and placed.status <> 'void'
    where claim.answer is not null
      and (placed.id is null or claim.answer::json ->> 'id' <> claim.order_id::text)`,
  'I5 a buyer has more than the limit': `
    select line.deal_id, line.user_id from (${sold}) as line
    join product.deals as deal on deal.id = line.deal_id
    group by line.deal_id, line.user_id, deal.per_user_limit
    having sum(line.quantity) > deal.per_user_limit`,
  'I5 the units of a buyer are not counted as they are': `
    select deal_id, user_id from product.deal_buyers
    where units <> ${sumOf(taken, 'line.deal_id = deal_buyers.deal_id and line.user_id = deal_buyers.user_id')}`,
  'I7 an event was not delivered': 'select order_id from orders.outbox',
  'I7 an order that stands is not confirmed at product': `
    select placed.id from orders.orders as placed
    left join product.reservations as reservation on reservation.order_id = placed.id
    where placed.status = 'confirmed' and reservation.state is distinct from 'confirmed'`,
}

/** The invariants that are broken, with what breaks them; none where all is well. */
export const brokenInvariants = async (sql: Sql): Promise<string[]> => {
  const found = await Promise.all(
    Object.entries(broken).map(async ([name, statement]) => {
      const rows = await sql.unsafe(statement)
      return rows.map((row) => `${name}: ${JSON.stringify(row)}`)
    }),
  )
  return found.flat()
}
