import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../paths.ts'

/** The shell blocks of README.md. */

const text = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
const isPurchase = (block: string): boolean => block.startsWith('TOKEN=')

/** The block that buys, for a system at this address. */
export const purchaseAt = (url: string): string =>
  (blocks.find(isPurchase) ?? '').replaceAll('http://localhost:8000', url)

/** All other commands, without their comments. */
export const commands: readonly string[] = blocks
  .filter((block) => !isPurchase(block))
  .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
  .map((line) => line.replace(/\s+#.*$/, ''))
  .filter((line) => line !== '')
