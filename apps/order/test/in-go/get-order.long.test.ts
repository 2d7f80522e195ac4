import { onGo } from './on-go.ts'

await onGo('get-order.test.ts')
