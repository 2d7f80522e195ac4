import { Server } from 'node:http'
import { environment } from '@flash-deal/config'

/** Loaded before a service, so that each of its requests costs LAB_BURN_US microseconds more. */

const burnMs = Number(environment().LAB_BURN_US) / 1_000

const burn = (): void => {
  const end = performance.now() + burnMs
  while (performance.now() < end) {
    // Nothing but time is to be used up.
  }
}

const emit = Server.prototype.emit
Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
  if (event === 'request') burn()
  return emit.call(this, event, ...args)
}
