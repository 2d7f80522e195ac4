import type { Environment, ScenarioId } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import type { Template } from '../generator/protocol.ts'
import type { Arm } from '../record.ts'

/** What is measured of a scenario. A new scenario adds one of these, and nothing else here. */
export type Subject = {
  id: ScenarioId
  /** In a clause, for the head of the report. */
  question: string
  /** Whose instances are the arms: one for each variant, alike but for the flag. */
  service: 'auth' | 'product' | 'order'
  /** Requests under way at a time, in the closed loop. */
  connections: number
  /** The data that all arms share; returns how much of it there is, for the record. */
  prepare(stack: Stack): Promise<Record<string, number>>
  /** The requests, with what must come back: from a baseline instance, before anything is measured. */
  templates(address: string): Promise<Template[]>
  /** By variant: the events of its witness that have to move in every slice. */
  witness: Readonly<Record<string, readonly string[]>>
  /** What an arm's process is given beside its flags, where arms are to differ by more than these. */
  environment?: (arm: Arm) => Environment
  /** What L is: the cheapest thing that could give these answers. */
  limit: string
}
