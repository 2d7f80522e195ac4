import { loadEnvFile } from '@flash-deal/config'

/**
 * A side-effect import that must come first. It loads `.env` from the repository's root. Variables
 * that are already set take precedence. A line without effect is reported.
 */
for (const sentence of loadEnvFile()) console.error(sentence)
