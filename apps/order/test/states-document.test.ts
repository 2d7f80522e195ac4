import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reservationTransitions } from '@flash-deal/product/reservation'
import t from 'tap'
import { claimTransitions } from '../src/domain/claim.ts'
import { orderTransitions } from '../src/domain/order.ts'
import { allowedBy } from './histories/transitions.ts'

/** The diagram of docs/architecture.md is written by hand, because it is also read as text. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/architecture.md'), 'utf8')

const drawn = (machine: string): string[] => {
  const [, body = ''] = new RegExp(`state ${machine} \\{\n([^}]*)\\}`).exec(page) ?? []
  return [...body.matchAll(/(\S+) --> (\S+)/g)]
    .map(([, before = '', after]) => `${before === '[*]' ? 'none' : before} > ${after}`)
    .sort()
}

const tables = {
  order: orderTransitions,
  claim: claimTransitions,
  reservation: reservationTransitions,
}

for (const [machine, table] of Object.entries(tables)) {
  t.test(`the diagram matches the states of ${machine}`, async (t) => {
    t.strictSame(drawn(machine), allowedBy(table))
  })
}
