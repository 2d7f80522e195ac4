import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings, type Settings } from '@flash-deal/config'

/** Writes the configuration of a proxy that runs in place of the gateway (H5). */

/** The first argument of the command: a file to run, `--check`, or none for the committed file. */
export type Target = string | undefined

export const isToRun = (target: Target): target is string =>
  target !== undefined && target !== '--check'

/** From the environment for a file to run; otherwise every setting has its default. */
export const settingsFor = (target: Target): Settings<'gateway'> =>
  isToRun(target)
    ? readSettings('gateway')
    : readSettings('gateway', { INTERNAL_KEY: 'written-at-the-start' })

/**
 * Writes the file, or only compares the committed one: the process then exits with 1 on a difference.
 *
 * @param mode of a file to run, which contains the internal key
 */
export const writeConfig = (
  name: 'envoy' | 'kong',
  target: Target,
  config: unknown,
  mode: number,
): void => {
  const committed = join(import.meta.dirname, 'gen', `${name}.json`)
  const text = `${JSON.stringify(config, null, 2)}\n`
  if (isToRun(target)) write(target, text, mode)
  else if (target === undefined) write(committed, text, 0o644)
  else if (textOf(committed) !== text) {
    process.stderr.write(`apps/gateway/gen/${name}.json is out of date. Run npm run generate.\n`)
    process.exitCode = 1
  }
}

const write = (file: string, text: string, mode: number): void => {
  writeFileSync(file, text, { mode })
  // An existing file keeps its mode.
  chmodSync(file, mode)
}

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
