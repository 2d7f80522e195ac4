import { metricsPortOffset } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { type Counts, type Hop, hopCounts } from '../probes/hops.ts'
import { statementCounts, statementNames } from '../probes/statements.ts'

/** The services that an order passes, each with the operation that is called there. */
const operations = {
  gateway: 'POST /orders',
  order: 'createOrder',
  product: 'createReservations',
} as const

export type Observer = {
  /** Totals of all processes and statements. */
  counts(): Promise<Counts>
  end(): Promise<void>
}

/** Counts the calls, bytes and statements of orders in a system. */
export const observe = async (stack: Stack): Promise<Observer> => {
  const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} })
  await sql`create extension if not exists pg_stat_statements`
  const names = await statementNames(sql)
  const hops = Object.entries(operations).map(([name, operation]) => hopOf(stack, name, operation))
  return {
    counts: async () => {
      const all = await Promise.all([...hops.map(hopCounts), statementCounts(sql, names)])
      return Object.assign({}, ...all)
    },
    end: () => sql.end({ timeout: 1 }),
  }
}

const hopOf = (stack: Stack, name: string, operation: string): Hop => {
  const address = { ...stack.addresses, gateway: stack.url }[name] ?? ''
  const { hostname, port } = new URL(address)
  const metricsAddress = `http://${hostname}:${Number(port) + metricsPortOffset}`
  return { name, pid: stack.supervisor.pid(name) ?? 0, metricsAddress, operation }
}
