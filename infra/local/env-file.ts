import { loadEnvFile } from '@flash-deal/config'

/**
 * Imported for its effect, first of all: the settings in `.env` at the repository's root count,
 * however a command was started. What the environment holds already wins, and a line without effect
 * is told.
 */
for (const sentence of loadEnvFile()) console.error(sentence)
