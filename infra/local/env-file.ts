import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadEnvFile } from 'node:process'
import { root } from './paths.ts'

/**
 * Imported for its effect, first of all: the settings in `.env` at the repository's root count,
 * however a command was started. What the environment holds already wins.
 */
const file = join(root, '.env')
if (existsSync(file)) loadEnvFile(file)
