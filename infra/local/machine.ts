import { cpus, platform, release } from 'node:os'

/** The machine's description in reports: `AMD EPYC, 2 cores, linux 6.18`. */
export const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${platform()} ${release()}`
