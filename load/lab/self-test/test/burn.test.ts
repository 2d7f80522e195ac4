import { execFileSync } from 'node:child_process'
import t from 'tap'
import { loading } from '../../slowdowns/loading.ts'

/** The slowed arm of the self-test uses the planted CPU, and not a hundred times as much. */

const burnUs = 50
const requests = 20_000

/** Begins requests in a process that has loaded `burn.ts`, and returns its CPU in microseconds. */
const cpuOf = (LAB_BURN_US: number): number => {
  const code = `
    const begun = require('node:diagnostics_channel').channel('http.server.request.start')
    for (let count = 0; count < ${requests}; count += 1) begun.publish({})
    const { user, system } = process.cpuUsage()
    console.log(user + system)`
  const env = { ...process.env, ...loading('burn.ts'), LAB_BURN_US: `${LAB_BURN_US}` }
  return Number(execFileSync(process.execPath, ['--eval', code], { env, encoding: 'utf8' }))
}

t.test('each request uses about the planted CPU', async (t) => {
  const us = (cpuOf(burnUs) - cpuOf(0)) / requests
  t.ok(us > burnUs / 2 && us < burnUs * 2, `${us.toFixed(1)} µs of ${burnUs}`)
})
