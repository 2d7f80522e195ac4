import { health } from './health.ts'
import { authHealth, orderHealth, productHealth } from './service-health.ts'

export const handlers = { authHealth, health, orderHealth, productHealth }
