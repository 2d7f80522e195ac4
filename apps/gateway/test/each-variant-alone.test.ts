import { sellsAlone, variantsAlone } from './variant-alone.ts'

/** The optimized variant of each scenario; the others are in `each-variant-alone.long.test.ts`. */

for (const each of variantsAlone) if (each.variant === 'optimized') sellsAlone(each)
