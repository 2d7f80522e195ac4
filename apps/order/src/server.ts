import { runService } from '@flash-deal/service'
import { order } from './app.ts'

await runService('order', ({ ORDER_PORT }) => ORDER_PORT, order)
