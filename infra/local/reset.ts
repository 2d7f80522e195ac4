import './env-file.ts'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { dropDatabase } from '@flash-deal/sql'
import { stateFolder } from './paths.ts'
import { sentenceOf } from './plain-error.ts'
import { lockStateFolder, prepareStateFolder } from './state-folder.ts'

/** `make reset`: deletes the data of `make run`, but not downloaded tools and folders of test runs. */

const isKept = (name: string): boolean => name === 'tools' || name.startsWith('test-')

const main = async (): Promise<void> => {
  const settings = readSettings('local')
  const state = stateFolder(settings)
  prepareStateFolder(state)
  await lockStateFolder(state)
  if (settings.DATABASE_URL) {
    await dropDatabase(settings.DATABASE_URL, settings.DATABASE_NAME)
    console.log(`At DATABASE_URL only the database ${settings.DATABASE_NAME} was dropped.`)
  }
  const wiped = (await readdir(state)).filter((name) => !isKept(name))
  for (const name of wiped) await rm(join(state, name), { recursive: true, force: true })
  console.log(`Deleted the data in ${state}. The next make run starts with an empty system.`)
}

try {
  await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
