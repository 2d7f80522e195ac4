import type { CachedPage } from '../page-store.ts'

/** The stored form of a page: the first line has the generation and the period, then follow its bytes. */

export const textFrom = ({ from, until, bytes }: CachedPage, generation: string): Buffer =>
  Buffer.concat([Buffer.from(`${generation} ${from} ${until}\n`), Buffer.from(bytes)])

/** Undefined if there is none, or it has another generation. */
export const pageFrom = (
  text: Buffer | null | undefined,
  generation: string,
): CachedPage | undefined => {
  if (!text) return undefined
  const end = text.indexOf('\n')
  const [written, from, until] = text.toString('latin1', 0, end).split(' ')
  if (written !== generation) return undefined
  return { from: Number(from), until: Number(until), bytes: text.subarray(end + 1) }
}
