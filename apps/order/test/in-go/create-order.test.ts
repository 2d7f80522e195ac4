import { onGo } from './on-go.ts'

await onGo('create-order.test.ts')
