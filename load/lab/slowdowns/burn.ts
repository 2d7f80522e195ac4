import { subscribe } from 'node:diagnostics_channel'
import { environment } from '@flash-deal/config'
import { median } from '../stats/median.ts'

/**
 * Loaded before a service: each of its requests uses LAB_BURN_US microseconds of CPU more. The loop
 * runs a fixed number of rounds and reads no clock, because on a shared core time passes without CPU.
 * The number of rounds is calibrated again every few thousand requests, so that it fits the compiled
 * code.
 */

const burnUs = Number(environment().LAB_BURN_US)

/** Requests between calibrations. */
const requestsBetween = 10_000

/** A calibration times this many samples, of this many rounds each. */
const samples = 9
const roundsTimed = 20_000

let sink = 0
const turn = (rounds: number): void => {
  for (let round = 0; round < rounds; round += 1) sink = (sink * 31 + round) | 0
}

/**
 * Elapsed time, because the kernel may count the CPU time of a running thread in steps of 4 ms. The
 * median leaves out the samples in which another process had the core.
 */
const calibrated = (): number => {
  const usOfARound = Array.from({ length: samples }, () => {
    const begin = performance.now()
    turn(roundsTimed)
    return ((performance.now() - begin) * 1_000) / roundsTimed
  })
  // With a fraction, V8 would compile a slower loop than the one that was timed.
  return Math.round(burnUs / median(usOfARound))
}

let rounds = calibrated()
let requests = 0

const burn = (): void => {
  requests += 1
  if (requests % requestsBetween === 0) rounds = calibrated()
  turn(rounds)
}

subscribe('http.server.request.start', burn)
