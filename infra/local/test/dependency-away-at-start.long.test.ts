import { starts, testStart } from './starts-without.ts'

/** Every pair of a service and something that it needs. */

for (const start of starts) testStart(start)
