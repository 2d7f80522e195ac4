import { starts, testStart } from './starts-without.ts'

/** Every pair of a service and one of its dependencies. */

for (const start of starts) testStart(start)
