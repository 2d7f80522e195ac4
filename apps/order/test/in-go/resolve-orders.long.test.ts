import { onGo } from './on-go.ts'

await onGo('resolve-orders.test.ts')
