import { runService } from '@flash-deal/service'
import { product } from './app.ts'

await runService('product', ({ PRODUCT_PORT }) => PRODUCT_PORT, product)
