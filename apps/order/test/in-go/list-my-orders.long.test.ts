import { onGo } from './on-go.ts'

await onGo('list-my-orders.test.ts')
