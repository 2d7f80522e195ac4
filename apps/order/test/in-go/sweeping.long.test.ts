import { onGo } from './on-go.ts'

await onGo('sweeping.test.ts')
