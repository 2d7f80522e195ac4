import { randomUUID } from 'node:crypto'
import { asService, asUser } from '@flash-deal/testing'
import t from 'tap'
import {
  buy,
  lastReservedId,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  read,
  remainingOf,
  reservationOf,
  statusOf,
  stockOf,
  time,
  units,
  uuid,
} from './order-and-product.ts'
import { refusedWith, refusesBodies } from './refused.ts'

/** Both ways of storing an order. */
for (const M8 of ['baseline', 'optimized'] as const) {
  t.test(`with M8 ${M8}`, async (t) => {
    const shop = await openShop(t, { scenarios: { M1: M8, M7: M8, M8 } })
    t.beforeEach(() => shop.toProduct.heal())

    const user = randomUUID()
    const hour = 3_600_000
    const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString()

    const address = {
      recipient_name: 'Mina Kim',
      phone: '010-1234-5678',
      address: '12 Sejong-daero, Jung-gu, Seoul',
      address_detail: 'Room 304',
      postal_code: '04524',
    }

    t.test('an order has its lines, prices as granted, the total and the address', async (t) => {
      const product = await offerProduct(shop, { name: 'Camera', price: 129_000 })
      const deal = await offerDeal(shop, { deal_price: 89_000 })
      const items = [
        { product_id: product, quantity: 2 },
        { ...deal, quantity: 3 },
      ]
      const answer = await buy(shop.order, user, { items, shipping_address: address })
      t.equal(answer.statusCode, 201, answer.body)
      t.match(answer.headers['content-type'], /^application\/json/)
      const order = answer.json<Order>()
      const [one, two] = order.items
      t.strictSame(order, {
        id: order.id,
        user_id: user,
        items: [
          {
            id: one?.id,
            product_id: product,
            deal_id: null,
            product_name: 'Camera',
            quantity: 2,
            unit_price: 129_000,
            subtotal: 258_000,
          },
          {
            id: two?.id,
            ...deal,
            product_name: 'Headphones',
            quantity: 3,
            unit_price: 89_000,
            subtotal: 267_000,
          },
        ],
        total_amount: 525_000,
        status: 'confirmed',
        shipping_address: address,
        cancelled_at: null,
        cancel_reason: null,
        reject_reason: null,
        created_at: order.created_at,
        updated_at: order.created_at,
      })
      for (const id of [order.id, one?.id, two?.id]) t.match(id, uuid)
      t.match(order.created_at, time)
      t.equal(new Set([order.id, one?.id, two?.id]).size, 3)
      t.strictSame(
        (await read(shop.order, user, order.id)).json(),
        order,
        'and is read as answered',
      )
      t.strictSame([await stockOf(shop, product), await remainingOf(shop, deal.deal_id)], [8, 7])
      t.equal(await reservationOf(shop, order.id), 'held', 'its reservation bears its id')
    })

    for (const [how, sent, stored] of [
      ['without one', undefined, null],
      ['of null', null, null],
      [
        'without detail',
        { ...address, address_detail: undefined },
        { ...address, address_detail: null },
      ],
      [
        'with a detail of null',
        { ...address, address_detail: null },
        { ...address, address_detail: null },
      ],
    ] as const) {
      t.test(`an address ${how} is ${stored ? 'stored' : 'no address'}`, async (t) => {
        const body = { ...units(await offerProduct(shop)), shipping_address: sent }
        const order = (await buy(shop.order, user, body)).json<Order>()
        t.strictSame(order.shipping_address, stored)
        t.strictSame(
          (await read(shop.order, user, order.id)).json<Order>().shipping_address,
          stored,
        )
      })
    }

    t.test('a change of price does not change existing orders', async (t) => {
      const product = await offerProduct(shop, { price: 500, name: 'Before' })
      const order = (await buy(shop.order, user, units(product, 2))).json<Order>()
      await shop.sql`update product.products set price = 900, name = 'After' where id = ${product}`
      const again = (await read(shop.order, user, order.id)).json<Order>()
      t.match(again, { total_amount: 1_000, items: [{ product_name: 'Before', unit_price: 500 }] })
      t.match((await buy(shop.order, user, units(product, 2))).json(), { total_amount: 1_800 })
    })

    t.test('prices of zero and of the maximum work', async (t) => {
      const free = await offerProduct(shop, { price: 0 })
      t.match((await buy(shop.order, user, units(free))).json(), { total_amount: 0 })
      const dear = await offerProduct(shop, { price: 1_000_000_000_000, stock: 100 })
      const items = Array.from({ length: 10 }, () => ({ product_id: dear, quantity: 10 }))
      const answer = await buy(shop.order, user, { items })
      t.match(answer.json(), { total_amount: 100_000_000_000_000 })
    })

    t.test('lines keep their order, and may repeat a product or deal', async (t) => {
      const deal = await offerDeal(shop, { deal_stock: 10 })
      const product = await offerProduct(shop)
      const line = { product_id: product, deal_id: null }
      const items = [
        { ...line, quantity: 3 },
        { ...deal, quantity: 2 },
        { ...line, quantity: 1 },
        { ...deal, quantity: 4 },
      ]
      const order = (await buy(shop.order, user, { items })).json<Order>()
      const lines = order.items.map(({ product_id, deal_id, quantity }) => ({
        product_id,
        deal_id,
        quantity,
      }))
      t.strictSame(lines, items)
      t.strictSame((await read(shop.order, user, order.id)).json(), order)
      t.strictSame([await stockOf(shop, product), await remainingOf(shop, deal.deal_id)], [6, 4])
    })

    t.test('ids may be written in capitals', async (t) => {
      const { product_id, deal_id } = await offerDeal(shop)
      const items = [
        { product_id: product_id.toUpperCase(), deal_id: deal_id.toUpperCase(), quantity: 1 },
      ]
      t.match((await buy(shop.order, user, { items })).json(), { items: [{ product_id, deal_id }] })
    })

    type Refusal = {
      title: string
      status: number
      code: string
      body: () => Promise<object>
    }

    /** Each invalid line is sent together with a valid one. */
    const refusals: Refusal[] = [
      {
        title: 'an unknown product',
        status: 404,
        code: 'PRODUCT_NOT_FOUND',
        body: async () => units(randomUUID()),
      },
      {
        title: 'an unknown deal',
        status: 404,
        code: 'DEAL_NOT_FOUND',
        body: async () => ({ items: [{ ...(await offerDeal(shop)), deal_id: randomUUID() }] }),
      },
      {
        title: 'a deal of another product',
        status: 404,
        code: 'DEAL_NOT_FOUND',
        body: async () => ({
          items: [{ ...(await offerDeal(shop)), product_id: await offerProduct(shop) }],
        }),
      },
      {
        title: 'more units than a product has',
        status: 400,
        code: 'INSUFFICIENT_STOCK',
        body: async () => units(await offerProduct(shop, { stock: 2 }), 3),
      },
      {
        title: 'more units than a product has, in two lines together',
        status: 400,
        code: 'INSUFFICIENT_STOCK',
        body: async () => {
          const [line] = units(await offerProduct(shop, { stock: 3 }), 2).items
          return { items: [line, line] }
        },
      },
      {
        title: 'more units than a deal has',
        status: 400,
        code: 'INSUFFICIENT_STOCK',
        body: async () => ({
          items: [{ ...(await offerDeal(shop, { deal_stock: 2 })), quantity: 3 }],
        }),
      },
      {
        title: 'a deal that has not started',
        status: 409,
        code: 'DEAL_NOT_ACTIVE',
        body: async () => ({
          items: [await offerDeal(shop, { starts_at: inHours(1), ends_at: inHours(2) })],
        }),
      },
      {
        title: 'a deal that is over',
        status: 409,
        code: 'DEAL_NOT_ACTIVE',
        body: async () => {
          const deal = await offerDeal(shop)
          await shop.sql`update product.deals set ends_at = now() where id = ${deal.deal_id}`
          return { items: [deal] }
        },
      },
      {
        title: 'more units of a deal than a buyer may have',
        status: 409,
        code: 'PURCHASE_LIMIT_EXCEEDED',
        body: async () => ({
          items: [{ ...(await offerDeal(shop, { per_user_limit: 2 })), quantity: 3 }],
        }),
      },
    ]

    const ordersStored = async () =>
      (await shop.sql`select from orders.orders where status <> 'void'`).length

    for (const { title, status, code, body } of refusals) {
      t.test(`${title} is rejected with ${code}, and no stock is held`, async (t) => {
        const other = await offerProduct(shop)
        const wanted = await body()
        const items = [...('items' in wanted && Array.isArray(wanted.items) ? wanted.items : [])]
        const before = await ordersStored()
        const answer = await buy(shop.order, user, { items: [...units(other).items, ...items] })
        refusedWith(t, answer, status, code)
        t.equal(await stockOf(shop, other), 10, 'all lines or none')
        t.equal(await ordersStored(), before)
        t.equal(await reservationOf(shop, lastReservedId(shop)), undefined)
        t.equal(await statusOf(shop, lastReservedId(shop)), undefined)
      })
    }

    t.test('exactly the remaining units can be ordered', async (t) => {
      const product = await offerProduct(shop, { stock: 3 })
      t.equal((await buy(shop.order, user, units(product, 3))).statusCode, 201)
      refusedWith(t, await buy(shop.order, user, units(product)), 400, 'INSUFFICIENT_STOCK')
    })

    t.test('the limit per buyer holds over several orders, and for each buyer', async (t) => {
      const line = await offerDeal(shop, { per_user_limit: 2 })
      for (const buyer of [randomUUID(), randomUUID()]) {
        t.equal((await buy(shop.order, buyer, { items: [line] })).statusCode, 201)
        const two = { items: [{ ...line, quantity: 2 }] }
        refusedWith(t, await buy(shop.order, buyer, two), 409, 'PURCHASE_LIMIT_EXCEEDED')
        t.equal((await buy(shop.order, buyer, { items: [line] })).statusCode, 201)
        refusedWith(
          t,
          await buy(shop.order, buyer, { items: [line] }),
          409,
          'PURCHASE_LIMIT_EXCEEDED',
        )
      }
      t.equal(await remainingOf(shop, line.deal_id), 6)
    })

    t.test(
      'fifty concurrent buyers for twenty units get twenty orders and thirty rejections',
      async (t) => {
        const line = await offerDeal(shop, { deal_stock: 20, per_user_limit: 1 })
        const answers = await Promise.all(
          Array.from({ length: 50 }, () => buy(shop.order, randomUUID(), { items: [line] })),
        )
        const refused = answers.filter((answer) => answer.statusCode !== 201)
        t.equal(refused.length, 30)
        for (const answer of refused) refusedWith(t, answer, 400, 'INSUFFICIENT_STOCK')
        t.equal(await remainingOf(shop, line.deal_id), 0)
      },
    )

    t.test('twenty concurrent orders of one buyer do not exceed the limit', async (t) => {
      const line = await offerDeal(shop, { per_user_limit: 3 })
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => buy(shop.order, user, { items: [line] })),
      )
      t.equal(answers.filter((answer) => answer.statusCode === 201).length, 3)
      t.equal(await remainingOf(shop, line.deal_id), 7)
    })

    const line = { product_id: randomUUID(), quantity: 1 }
    const lines = (count: number) => Array.from({ length: count }, () => line)
    const withLine = (given: object) => ({ items: [{ ...line, ...given }] })
    const withAddress = (given: object) => ({
      items: [line],
      shipping_address: { ...address, ...given },
    })
    const without = (given: object, name: string) =>
      Object.fromEntries(Object.entries(given).filter(([key]) => key !== name))

    /** The error in a body, and the fields in the details of the response. */
    const invalid: [string, object, string[]][] = [
      ['no items', { shipping_address: address }, ['items']],
      ['0 items', { items: [] }, ['items']],
      ['11 items', { items: lines(11) }, ['items']],
      ['items of null', { items: null }, ['items']],
      ['items that are not a list', { items: line }, ['items']],
      ['an item that is not an object', { items: ['x'] }, ['items.0']],
      ['no product_id', { items: [{ quantity: 1 }] }, ['items.0.product_id']],
      ['a product_id of null', withLine({ product_id: null }), ['items.0.product_id']],
      ['a product_id that is not a UUID', withLine({ product_id: 'x' }), ['items.0.product_id']],
      [
        'a product_id of a URN',
        withLine({ product_id: `urn:uuid:${line.product_id}` }),
        ['items.0.product_id'],
      ],
      ['a deal_id that is not a UUID', withLine({ deal_id: '7' }), ['items.0.deal_id']],
      ['no quantity', { items: [{ product_id: line.product_id }] }, ['items.0.quantity']],
      ['quantity 0', withLine({ quantity: 0 }), ['items.0.quantity']],
      ['quantity 11', withLine({ quantity: 11 }), ['items.0.quantity']],
      ['quantity -1', withLine({ quantity: -1 }), ['items.0.quantity']],
      ['quantity 1.5', withLine({ quantity: 1.5 }), ['items.0.quantity']],
      ['quantity as text', withLine({ quantity: '1' }), ['items.0.quantity']],
      ['quantity of null', withLine({ quantity: null }), ['items.0.quantity']],
      ['a price', withLine({ price: 1 }), ['items.0.price']],
      ['a unit_price', withLine({ unit_price: 1 }), ['items.0.unit_price']],
      [
        'the second of two items',
        { items: [line, { ...line, quantity: 0 }] },
        ['items.1.quantity'],
      ],
      ['a status', { items: [line], status: 'delivered' }, ['status']],
      ['a user_id', { items: [line], user_id: randomUUID() }, ['user_id']],
      ['an id', { items: [line], id: randomUUID() }, ['id']],
      ['a total_amount', { items: [line], total_amount: 1 }, ['total_amount']],
      [
        'an address that is text',
        { items: [line], shipping_address: 'Seoul' },
        ['shipping_address'],
      ],
      ...['recipient_name', 'phone', 'address', 'postal_code'].map(
        (name): [string, object, string[]] => [
          `an address without ${name}`,
          { items: [line], shipping_address: without(address, name) },
          [`shipping_address.${name}`],
        ],
      ),
      ...(
        [
          ['recipient_name', ''],
          ['recipient_name', 'x'.repeat(51)],
          ['recipient_name', 'a\0b'],
          ['recipient_name', null],
          ['address', 'x'.repeat(201)],
          ['address_detail', 'x'.repeat(101)],
          ['phone', '02-123-4567'],
          ['phone', '010-12-5678'],
          ['phone', '010-12345-6789'],
          ['phone', '+82-10-1234-5678'],
          ['phone', '010-1234-56789'],
          ['phone', '010-1234-567'],
          ['phone', '01512345678'],
          ['phone', ' 010-1234-5678'],
          ['phone', '010-1234-5678\n'],
          ['postal_code', '0452'],
          ['postal_code', '045245'],
          ['postal_code', '0452a'],
          ['postal_code', 4524],
          ['country', 'KR'],
        ] as const
      ).map(([name, value]): [string, object, string[]] => [
        `an address whose ${name} is ${JSON.stringify(value)?.slice(0, 20)}`,
        withAddress({ [name]: value }),
        [`shipping_address.${name}`],
      ]),
    ]

    t.test(
      'a body that violates the schema is rejected with the field, before product is called',
      async (t) => {
        for (const [title, body, fields] of invalid) {
          await t.test(title, async (t) => {
            refusedWith(t, await buy(shop.order, user, body), 422, 'VALIDATION_ERROR', fields)
          })
        }
        t.equal(shop.toProduct.seen.length, 0)
      },
    )

    t.test('a body at its limits is accepted', async (t) => {
      const product_id = await offerProduct(shop, { stock: 1_000 })
      const item = (quantity: number) => ({ product_id, quantity })
      const addressed = (given: object) => ({
        items: [item(1)],
        shipping_address: { ...address, ...given },
      })
      const bodies: [string, object][] = [
        ['1 item of quantity 1', { items: [item(1)] }],
        ['10 items of quantity 10', { items: Array.from({ length: 10 }, () => item(10)) }],
        ['a recipient of 50', addressed({ recipient_name: 'x'.repeat(50) })],
        ['an address of 200', addressed({ address: '가'.repeat(200) })],
        ['a detail of 100', addressed({ address_detail: '🏠'.repeat(100) })],
        ...['01012345678', '010-1234-5678', '0111234567', '016-123-4567', '019-1234-5678'].map(
          (phone): [string, object] => [`phone ${phone}`, addressed({ phone })],
        ),
        ...['00000', '99999'].map((postal_code): [string, object] => [
          `postal code ${postal_code}`,
          addressed({ postal_code }),
        ]),
      ]
      for (const [title, body] of bodies) {
        t.equal((await buy(shop.order, user, body)).statusCode, 201, title)
      }
    })

    t.test('an Idempotency-Key has 1 to 255 printable characters', async (t) => {
      const product = await offerProduct(shop, { stock: 100 })
      for (const key of ['x', 'x'.repeat(255), 'a key: "with" ~everything']) {
        t.equal(
          (await buy(shop.order, user, units(product), key)).statusCode,
          201,
          key.slice(0, 30),
        )
      }
      for (const key of ['', 'x'.repeat(256), 'clé', 'a\tb']) {
        const answer = await buy(shop.order, user, units(product), key)
        refusedWith(t, answer, 422, 'VALIDATION_ERROR', ['idempotency-key'])
      }
      t.equal(await stockOf(shop, product), 97)
    })

    t.test('a body that is not a JSON object is rejected', (t) =>
      refusesBodies(t, shop.order, '/orders', asUser(user), ['items']),
    )

    t.test('an order without a user is rejected', async (t) => {
      const payload = units(await offerProduct(shop))
      for (const headers of [{}, { 'x-user-id': user }, asService(), asUser('somebody')]) {
        const answer = await shop.order.inject({ method: 'POST', url: '/orders', payload, headers })
        refusedWith(t, answer, 401, 'UNAUTHORIZED')
      }
      t.equal(shop.toProduct.seen.length, 0)
    })
  })
}
