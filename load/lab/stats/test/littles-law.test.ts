import t from 'tap'
import { littlesLawDeviation } from '../littles-law.ts'

/** In a closed loop, the rate determines the mean latency. */

t.test('consistent figures do not deviate', async (t) => {
  t.equal(littlesLawDeviation({ clients: 50, rate: 2500, latencyMs: 20, thinkMs: 0 }), 0)
  t.equal(
    littlesLawDeviation({ clients: 100, rate: 95, latencyMs: 52.6, thinkMs: 1000 }).toFixed(4),
    '-0.0000',
  )
})

t.test('latencies without waiting time, and idle clients, deviate', async (t) => {
  const half = littlesLawDeviation({ clients: 50, rate: 2500, latencyMs: 10, thinkMs: 0 })
  t.equal(half, -0.5)
  const tooMany = littlesLawDeviation({ clients: 50, rate: 3000, latencyMs: 20, thinkMs: 0 })
  t.equal(tooMany.toFixed(12), '0.200000000000')
})
