import { Server } from 'node:http'
import { environment } from '@flash-deal/config'

/**
 * Loaded before a service: each of its requests uses LAB_BURN_US microseconds of CPU more. The loop
 * runs a fixed number of rounds and reads no clock, because on a shared core time passes without CPU.
 * The number of rounds is calibrated by the CPU time of the thread, and again every few thousand
 * requests, so that it fits the compiled code.
 */

const burnUs = Number(environment().LAB_BURN_US)

/** Requests between calibrations, and rounds in a calibration. */
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
