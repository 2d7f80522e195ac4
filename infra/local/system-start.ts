import type { Environment, Resolved, Settings } from '@flash-deal/config'
import type { Supervisor } from './supervisor.ts'

/** The options for starting the system. */
export type SystemStart = {
  settings: Settings<'local'>
  resolved: Resolved
  inherited: Environment
  state: string
  /** Folder of downloaded programs. */
  tools: string
  supervisor: Supervisor
  /** Restart a service when its source changes. */
  watch: boolean
  /** Aborts downloads in progress. */
  abort: AbortSignal
  say: (sentence: string) => void
}
