import { dashboardOf } from './dashboard.ts'
import { durations, lines, number, zeroIsRight } from './panel.ts'
import { mean, quantile, rate } from './queries.ts'

const createOrder =
  'http_request_duration_seconds_bucket{service="gateway",operation="POST /orders"}'

/** The dashboard of a sale: orders, remaining units and violated invariants. */
export const sale = dashboardOf({
  uid: 'flash-deal-sale',
  title: 'Flash Deal: the sale',
  description: 'Orders, remaining units and violated invariants',
  variable: { name: 'deal', label: 'Deal', query: 'label_values(deal_remaining_units, deal)' },
  rows: [
    [
      number({
        title: 'Orders a second',
        description:
          'Orders that were confirmed or accepted. Repetitions under a key do not count.',
        unit: 'ops',
        queries: [[`sum(${rate('orders_total{outcome=~"confirmed|accepted"}')})`, 'orders']],
      }),
      number({
        title: 'Units left',
        description: 'Of the open deals, at most the 20 that end first.',
        unit: 'short',
        queries: [['sum(max by (deal) (deal_remaining_units{deal=~"$deal"}))', 'units']],
      }),
      number(
        {
          title: 'Violated invariants',
          description:
            'Number of deals, products, buyers or keys that violate an invariant. It must be 0.',
          unit: 'short',
          queries: [['sum(max by (service, invariant) (invariant_violations))', 'violations']],
        },
        zeroIsRight,
      ),
      number(
        {
          title: 'Oldest unresolved reservation',
          description: 'Time since it expired. The sweep settles it within a few seconds.',
          unit: 's',
          queries: [['max(reservation_overdue_seconds)', 'overdue']],
        },
        [
          { value: 2, color: 'yellow' },
          { value: 30, color: 'red' },
        ],
      ),
      number(
        {
          title: 'Oldest event of the outbox',
          description: 'Age of the oldest event that product has not acknowledged.',
          unit: 's',
          queries: [['max(outbox_oldest_seconds)', 'age']],
        },
        [
          { value: 5, color: 'yellow' },
          { value: 60, color: 'red' },
        ],
      ),
      number(
        {
          title: 'Dead letters in an hour',
          description: 'Records of Kafka that no consumer could process: npm run dead-letters.',
          unit: 'short',
          queries: [['sum(increase(kafka_dead_letters_total[1h]))', 'records']],
        },
        zeroIsRight,
      ),
    ],
    [
      lines(
        {
          title: 'Orders by outcome',
          description: 'The outcome of orders, or the error code.',
          unit: 'ops',
          queries: [[`sum by (outcome) (${rate('orders_total')})`, '{{outcome}}']],
        },
        { isStacked: true },
      ),
      lines({
        title: 'Units left of each deal',
        description: 'Read from PostgreSQL at most every five seconds.',
        unit: 'short',
        queries: [
          ['max by (deal, product) (deal_remaining_units{deal=~"$deal"})', '{{product}} {{deal}}'],
        ],
      }),
    ],
    [
      durations({
        title: 'Time of an order at the gateway',
        description: 'From the request to the last byte of the response. A point leads to a trace.',
        unit: 's',
        queries: [
          [quantile(0.5, createOrder), 'median'],
          [quantile(0.95, createOrder), '95 %'],
          [quantile(0.99, createOrder), '99 %'],
        ],
      }),
      lines({
        title: 'Sold share of each deal',
        description: 'The part of the units that is held or sold.',
        unit: 'percentunit',
        queries: [
          [
            '1 - max by (deal, product) (deal_remaining_units{deal=~"$deal"}) / max by (deal, product) (deal_allocated_units{deal=~"$deal"})',
            '{{product}} {{deal}}',
          ],
        ],
      }),
    ],
    [
      lines({
        title: 'Reservations',
        description: 'The results of reservations, and their later changes.',
        unit: 'ops',
        queries: [[`sum by (change) (${rate('reservation_changes_total')})`, '{{change}}']],
      }),
      lines({
        title: 'Held reservations and undelivered events',
        description: 'Reservations that wait to be confirmed, and events that confirm them.',
        unit: 'short',
        queries: [
          ['max(reservations_held)', 'held reservations'],
          ['max(outbox_events)', 'events of the outbox'],
        ],
      }),
    ],
    [
      lines({
        title: 'Items in a batch',
        description: 'How many orders one statement or one call handles together, on average.',
        unit: 'short',
        queries: [[mean('batch_items', 'batch'), '{{batch}}']],
      }),
      lines({
        title: 'Backlog of asynchronous orders',
        description:
          'With Kafka: records that wait for a consumer, and orders that are not decided.',
        unit: 'short',
        queries: [
          ['sum by (topic) (kafka_consumer_lag)', '{{topic}}'],
          ['max(orders_pending)', 'pending orders'],
        ],
      }),
    ],
  ],
})
