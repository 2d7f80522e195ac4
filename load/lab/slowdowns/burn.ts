import { Server } from 'node:http'
import { environment } from '@flash-deal/config'

/**
 * Loaded before a service, so that each of its requests costs LAB_BURN_US microseconds of CPU more.
 * It does not look at a clock while it burns: on a core that is shared, time passes without CPU. It
 * turns so many rounds as take that long, which it finds out by the CPU time of its own thread, anew
 * after every few thousand requests, so that the rounds are those of the warm process.
 */

const burnUs = Number(environment().LAB_BURN_US)

/** Requests from one calibration to the next, and rounds that are timed. */
const requestsBetween = 5_000
const roundsTimed = 200_000

let sink = 0
const turn = (rounds: number): void => {
  for (let round = 0; round < rounds; round += 1) sink = (sink * 31 + round) | 0
}

const cpuUs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

const calibrated = (): number => {
  const before = cpuUs()
  turn(roundsTimed)
  return (burnUs * roundsTimed) / Math.max(1, cpuUs() - before)
}

let rounds = calibrated()
let requests = 0

const burn = (): void => {
  requests += 1
  if (requests % requestsBetween === 0) rounds = calibrated()
  turn(rounds)
}

const emit = Server.prototype.emit
Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
  if (event === 'request') burn()
  return emit.call(this, event, ...args)
}
