import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { periodically } from './periodically.ts'

/** The violations of each invariant, such as ids of deals, by the id of the invariant. */
export type ViolationCounts = Readonly<Record<string, number>>

export type InvariantsOptions = {
  /** Pause between two rounds, in milliseconds. */
  intervalMs: number
  count: () => Promise<ViolationCounts>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Runs one round now. */
    checkInvariants(): Promise<void>
  }
}

/** A round takes at most 1/50 of the time: 2 %. */
const share = 50

/**
 * Checks the invariants of this service's tables periodically, for `/metrics`. The pause grows with the
 * duration of a round, which limits the load on the database.
 */
export const invariants = fp(
  async (app: FastifyInstance, { intervalMs, count }: InvariantsOptions) => {
    const show = gaugesIn(app)
    let tookMs = 0
    app.decorate('checkInvariants', async () => {
      const startedAt = performance.now()
      try {
        const counts = await count()
        show(counts)
        const broken = Object.entries(counts).filter(([, number]) => number > 0)
        if (broken.length > 0)
          app.log.error({ violations: Object.fromEntries(broken) }, 'Invariants are violated')
      } finally {
        tookMs = performance.now() - startedAt
      }
    })
    await app.register(periodically, {
      name: 'invariants',
      intervalMs: () => Math.max(intervalMs, tookMs * share),
      work: () => app.checkInvariants(),
    })
  },
  { name: 'invariants', dependencies: ['metrics'] },
)

const gaugesIn = ({ metrics }: FastifyInstance): ((counts: ViolationCounts) => void) => {
  const registers = [metrics]
  const violations = new Gauge({
    name: 'invariant_violations',
    help: 'Deals, products, buyers or keys that violate an invariant, at the last check; 0 is right',
    labelNames: ['invariant'],
    registers,
  })
  const checkedAt = new Gauge({
    name: 'invariant_check_timestamp_seconds',
    help: 'Time of the last completed check of the invariants; before the first one, of the start',
    labelNames: [],
    registers,
  })
  checkedAt.setToCurrentTime()
  return (counts) => {
    for (const [invariant, number] of Object.entries(counts)) violations.set({ invariant }, number)
    checkedAt.setToCurrentTime()
  }
}
