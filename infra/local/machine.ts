import { cpus, platform, release } from 'node:os'

/** What a report names as the place of its figures: `AMD EPYC, 2 cores, linux 6.18`. */
export const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${platform()} ${release()}`
