import { sellsAlone, variantsAlone } from './variant-alone.ts'

/** The variants that have names of their own, such as `redlock`. */

for (const each of variantsAlone) if (each.variant !== 'optimized') sellsAlone(each)
