import { runService } from '@flash-deal/service'
import { gateway } from './app.ts'

await runService('gateway', ({ GATEWAY_PORT }) => GATEWAY_PORT, gateway)
