import { needing, resolveScenarios } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import { flagsOf } from './arm-state.ts'
import { layout, pin } from './cores.ts'
import type { Instance } from './instance.ts'
import { cpuUsOf, familyOf, kernelThreads } from './probes/cpu.ts'
import type { Arm } from './record.ts'
import type { Groups } from './snapshot.ts'
import type { Subject } from './subjects/subject.ts'

/** The Valkeys of Redlock run only if an arm needs them. */
const caches = ['valkey', 'redlock-1', 'redlock-2', 'redlock-3']

/** The processes of a run: which cores they run on, and in which groups their CPU time is counted. */
export class ProcessGroups {
  readonly #subject: Subject
  readonly #supervisor: Stack['supervisor']
  readonly #generatorPid: number

  constructor(subject: Subject, { supervisor }: Stack, generatorPid: number) {
    this.#subject = subject
    this.#supervisor = supervisor
    this.#generatorPid = generatorPid
  }

  /** For the warm-up: lets the arms and what they use run on all cores. */
  pinToAllCores(arms: readonly Instance[]): void {
    pin(this.#serving(arms), Object.values(layout))
  }

  /** For the slices: the arms and what they use on one core, the helpers on the generator's. */
  pinToOwnCores(arms: readonly Instance[]): void {
    pin(this.#serving(arms), [layout.server])
    pin(this.#helpers(), [layout.generator])
  }

  #serving(arms: readonly Instance[]): number[] {
    const shared = [...this.#shared().flatMap(([, pids]) => pids), ...this.#pidsOf(['kafka'])]
    return [...shared, ...arms.flatMap(pidsOfArm)]
  }

  /** The groups while one of the arms is measured. Kafka belongs to the arms that need it. */
  of(measured: Instance, arms: readonly Instance[]): Groups {
    const kafka = this.#pidsOf(['kafka'])
    const usesKafka = needsKafka(measured.arm)
    const others = arms.filter((each) => each !== measured)
    const own = measured.processes.map(({ service, pid }): [string, number[]] => [service, [pid]])
    return {
      system: Object.fromEntries([
        ...own,
        ...this.#shared(),
        ...(usesKafka ? [['kafka', kafka] as const] : []),
      ]),
      apart: {
        generator: [this.#generatorPid],
        helpers: this.#helpers(),
        kernel: kernelThreads(),
        lab: [process.pid],
        kafka: usesKafka ? [] : kafka,
      },
      idle: Object.fromEntries(others.map((each) => [each.arm.name, pidsOfArm(each)])),
    }
  }

  /** The processes that all arms share, by name. */
  #shared(): [string, number[]][] {
    const named = (this.#subject.shared ?? []).map((name): [string, number[]] => [
      name,
      this.#pidsOf([name]),
    ])
    return [
      ...named,
      ['postgres', this.#pidsOf(['postgres']).flatMap(familyOf)],
      ['redis', this.#pidsOf(caches)],
    ]
  }

  #helpers(): number[] {
    return this.#pidsOf(this.#subject.helpers ?? [])
  }

  #pidsOf(names: readonly string[]): number[] {
    return names.flatMap((name) => this.#supervisor.pid(name) ?? [])
  }
}

/** The CPU time of each arm so far, in microseconds. */
export const cpuByArm = (arms: readonly Instance[]): number[] =>
  arms.map((arm) => cpuUsOf(pidsOfArm(arm)))

const pidsOfArm = ({ processes }: Instance): number[] => processes.map(({ pid }) => pid)

const needsKafka = ({ scenarios }: Arm): boolean =>
  needing('kafka', resolveScenarios({}, flagsOf(scenarios)).scenarios).length > 0
