import type { Test } from 'tap'
import { differences } from './cases/heads.ts'
import { type Comparable, comparable } from './comparable.ts'
import { bytesOf, exchange, type Wire } from './exchange.ts'
import { type Processes, type Side, sides } from './processes.ts'

/** Sends the same requests to both sides, and reports where their responses differ. */
export const comparer = ({ port }: Pick<Processes, 'port'>) => {
  const responses = (bytes: (side: Side) => Uint8Array) =>
    Promise.all(
      sides.map(async (side) => comparable(await exchange(port[side], bytes(side)), side)),
    )

  const compareBytes = async (
    t: Test,
    title: string,
    bytes: (side: Side) => Uint8Array,
  ): Promise<void> => {
    const [node, go] = await responses(bytes)
    const reason = differences[title]
    if (reason === undefined) t.strictSame(go, node, title)
    else assertDifferent(t, `${title}: ${reason}`, node, go)
  }

  return {
    compareBytes,
    /** Requests by title. Each side may have its own, with its own user. */
    compareAll: async (t: Test, casesOf: (side: Side) => Readonly<Record<string, Wire>>) => {
      const cases = { node: casesOf('node'), go: casesOf('go') }
      for (const [title, wire] of Object.entries(cases.node))
        await compareBytes(t, title, (side) => bytesOf(cases[side][title] ?? wire))
    },
  }
}

/** A listed difference must still exist. Either both responses are errors, or neither is. */
const assertDifferent = (t: Test, title: string, node?: Comparable, go?: Comparable): void => {
  t.strictNotSame(go, node, title)
  t.equal(kindOf(go), kindOf(node), title)
}

const kindOf = (reply: Comparable | undefined): number => Math.floor((reply?.status ?? 0) / 100)
