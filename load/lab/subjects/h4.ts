import { e4 } from './e4.ts'
import { h1 } from './h1.ts'
import type { Subject } from './subject.ts'

/** H4: order in Node and in Go, with requests sent directly to order; product is in Node for both. */

const shared = {
  id: 'H4',
  witness: {
    baseline: ['answered_in_node'],
    optimized: ['answered_in_go'],
  },
  targets: [],
} satisfies Partial<Subject>

export const h4: Subject = {
  ...h1,
  ...shared,
  name: 'h4',
  // Fewer blocks, because a restart of all arms takes minutes.
  blocks: 2,
  question: 'the cost of an order of a hot deal, with order in Go and in Node',
}

const { count: _, ...listing } = e4

export const h4List: Subject = {
  ...listing,
  ...shared,
  name: 'h4-list',
  question: 'the cost of a list of 50 orders with three lines, with order in Go and in Node',
}
