import { onGo } from './on-go.ts'

await onGo('callers-deadline.test.ts')
