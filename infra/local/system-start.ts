import type { Environment, Resolved, Settings } from '@flash-deal/config'
import type { Supervisor } from './supervisor.ts'

/** With what the whole system is started. */
export type SystemStart = {
  settings: Settings<'local'>
  resolved: Resolved
  inherited: Environment
  state: string
  /** Where fetched programs are kept. */
  tools: string
  supervisor: Supervisor
  /** Restart a service when its source changes. */
  watch: boolean
  /** Ends what is still being fetched. */
  abort: AbortSignal
  say: (sentence: string) => void
}
