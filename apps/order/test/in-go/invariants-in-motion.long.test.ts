import { onGo } from './on-go.ts'

await onGo('invariants-in-motion.test.ts')
