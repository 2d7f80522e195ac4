import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Which files a Dockerfile of this folder copies from the repository. */

export const root = join(import.meta.dirname, '../../..')
export const read = (name: string): string => readFileSync(join(root, name), 'utf8')

export type Copy = { from: string[]; to: string }

/** The `COPY` lines that copy from the build context, in their order. */
export const copiesOf = (dockerfile: string): Copy[] =>
  Array.from(read(`infra/docker/${dockerfile}`).matchAll(/^COPY (?!--)(.+) (\S+)$/gm)).map(
    ([, from = '', to = '']) => ({ from: from.split(' '), to }),
  )

/** Whether a path is part of the build context: the last pattern that matches it decides. */
export const isLetThrough = (dockerfile: string, path: string): boolean => {
  const last = patternsOf(dockerfile).findLast(({ matches }) => matches.test(path))
  return last === undefined || !last.excludes
}

type Pattern = { excludes: boolean; matches: RegExp }

const patternsOf = (dockerfile: string): Pattern[] =>
  read(`infra/docker/${dockerfile}.dockerignore`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ excludes: !line.startsWith('!'), matches: toRegExp(line.replace('!', '')) }))

/** A pattern matches a path and everything below it. */
const toRegExp = (pattern: string): RegExp => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**/', '<any>')
    .replaceAll('*', '[^/]*')
    .replaceAll('<any>', '(?:.*/)?')
  return new RegExp(`^${source}(?:/|$)`)
}

/** Copies what the Dockerfile copies into a folder, and nothing that its ignore file excludes. */
export const copyInto = (folder: string, dockerfile: string): void => {
  for (const { from, to } of copiesOf(dockerfile)) {
    for (const source of from) copyTree(source, targetOf({ from, to }, folder, source), dockerfile)
  }
}

/** A target that ends in `/` is a folder for files; a folder is copied as the target. */
const targetOf = ({ to }: Copy, folder: string, source: string): string =>
  to.endsWith('/') ? join(folder, to, source.split('/').at(-1) ?? '') : join(folder, to)

const copyTree = (source: string, target: string, dockerfile: string): void => {
  if (!isLetThrough(dockerfile, source)) return
  if (!statSync(join(root, source)).isDirectory()) {
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, source), target)
    return
  }
  for (const name of readdirSync(join(root, source))) {
    copyTree(`${source}/${name}`, join(target, name), dockerfile)
  }
}
