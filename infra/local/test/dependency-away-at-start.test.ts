import { starts, testStart, testStartWithoutRedis } from './starts-without.ts'

/**
 * Services start in any order: a dependency may become available later. A service without its database,
 * and product without Redis; the long form has every pair.
 */

const pairs = ['order postgres']
const isBrief = (pair: string): boolean => pairs.includes(pair)

for (const start of starts) if (isBrief(`${start.name} ${start.missing}`)) testStart(start)
testStartWithoutRedis()
