import { onGo } from './on-go.ts'

await onGo('idempotency.test.ts')
