import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { root, stateFolder } from '@flash-deal/local/paths'
import type { ServiceInBoth } from './groups.ts'
import type { Language } from './measure.ts'

/** The size of a service on disk, and its lines of code. */
export type Size = { programMb: number; serviceLines: number; sharedLines: number }

export const sizes = (): Record<ServiceInBoth, Record<Language, Size>> => ({
  auth: sizesOf('auth', '{config,errors,db,service}'),
  order: sizesOf('order', '{config,errors,db,service,messaging}'),
})

const sizesOf = (service: ServiceInBoth, packages: string): Record<Language, Size> => ({
  node: {
    programMb: megabytes(process.execPath),
    serviceLines: linesOf([`apps/${service}/src/**/*.ts`], /\/gen\/|\.test\.ts$/),
    sharedLines: linesOf([`packages/${packages}/src/**/*.ts`], /\.test\.ts$/),
  },
  go: {
    programMb: megabytes(join(stateFolder(readSettings('local')), `tools/${service}-go`)),
    serviceLines: linesOf([`apps/${service}-go/**/*.go`], /\/queries\/|productpb|_test\.go$/),
    sharedLines: linesOf(['packages/go/**/*.go'], /_test\.go$/),
  },
})

const megabytes = (file: string): number => statSync(file).size / 2 ** 20

/** Lines that are neither empty nor a comment. */
const linesOf = (patterns: string[], without: RegExp): number =>
  globSync(patterns, { cwd: root })
    .filter((file) => !without.test(file))
    .flatMap((file) => readFileSync(join(root, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/?\*)/.test(line)).length
