import { onGo } from './on-go.ts'

await onGo('giving-up.test.ts')
