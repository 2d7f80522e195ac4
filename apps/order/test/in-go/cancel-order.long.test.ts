import { onGo } from './on-go.ts'

await onGo('cancel-order.test.ts')
