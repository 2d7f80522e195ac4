import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import type { Test } from 'tap'
import type { Subject } from '../subjects/subject.ts'

/** A few short slices of a subject, by the command that people use. */

const program = join(import.meta.dirname, '../run.ts')

export const lab = (...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { env: environment() }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

/** Those variants but the baseline that the subject can prove to be on. */
export const variantsFor = ({ witness }: Subject): string[] =>
  Object.entries(witness).flatMap(([name, events]) =>
    name === 'baseline' || events.length === 0 ? [] : [name],
  )

/** The one that stands for all in the short form. */
export const variantFor = (subject: Subject): string => variantsFor(subject)[0] ?? 'optimized'

export const smoke = async (t: Test, { name }: Subject, variants: string): Promise<void> => {
  const { code, stdout } = await lab(name, '--smoke', '--variants', variants)
  t.match(stdout, `${name} does what it should.`)
  t.equal(code, 0, stdout)
}
