import { runService } from '@flash-deal/service'
import { auth } from './app.ts'

await runService('auth', ({ AUTH_PORT }) => AUTH_PORT, auth)
