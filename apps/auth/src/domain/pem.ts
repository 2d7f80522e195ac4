/** Decodes a key from a variable: PEM, PEM with `\n` for the line breaks, or base64 of PEM. */
export const pemFrom = (given: string): string => {
  const text = plain(given)
  return text.includes('-----BEGIN') ? text : (decoded(text) ?? text)
}

/** Splits several keys, one after another or separated by commas. Other text is returned unchanged. */
export const pemsFrom = (given: string): string[] => {
  const text = plain(given)
  const parts = text.includes('-----BEGIN') ? (text.match(blockOrWord) ?? []) : text.split(',')
  return parts.filter((part) => part !== '').flatMap((part) => blocksOf(pemFrom(part)))
}

const blocksOf = (pem: string): string[] => pem.match(block) ?? [pem]

const block = /-----BEGIN [^-]+-----[^-]*(?:-----END [^-]+-----)?/g
const blockOrWord = new RegExp(`${block.source}|[^\\s,]+`, 'g')

const plain = (given: string): string => unquoted(given.trim()).replaceAll('\\n', '\n')

/** Docker does not remove the quotes around a value of an `--env-file`. */
const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text

const decoded = (text: string): string | undefined => {
  const inside = Buffer.from(text, 'base64').toString('latin1')
  return inside.includes('-----BEGIN') ? inside : undefined
}

/** Explains why a key cannot be read, and what to do, without any of its text. */
export const pemProblem = (pem: string, wanted: 'PRIVATE KEY' | 'PUBLIC KEY'): string => {
  if (!pem.includes('-----BEGIN')) {
    return `It is not PEM, which begins with -----BEGIN ${wanted}-----. Line breaks may be written \\n, or the whole as base64.`
  }
  if (pem.includes('ENCRYPTED')) return 'It is encrypted. Give it without a passphrase.'
  if (!pem.includes(wanted)) return `It is not a ${wanted.toLowerCase()}.`
  return `It is damaged, or in another format. "openssl pkey" writes the one that is read here.`
}
