import type { KeptPage } from '../kept-pages.ts'

/** A page as it is kept elsewhere: in its first line generation and period, then its bytes. */

export const textFrom = ({ from, until, bytes }: KeptPage, generation: string): Buffer =>
  Buffer.concat([Buffer.from(`${generation} ${from} ${until}\n`), Buffer.from(bytes)])

/** Undefined where there is none, or it is of another generation. */
export const pageFrom = (
  text: Buffer | null | undefined,
  generation: string,
): KeptPage | undefined => {
  if (!text) return undefined
  const end = text.indexOf('\n')
  const [written, from, until] = text.toString('latin1', 0, end).split(' ')
  if (written !== generation) return undefined
  return { from: Number(from), until: Number(until), bytes: text.subarray(end + 1) }
}
