import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '@flash-deal/config'
import { toolEnvironment } from './child-environment.ts'
import { programOnPath } from './find-tool.ts'
import { codeOf, PlainError } from './plain-error.ts'

/** A Java program as its jars in a Maven repository: `group:artifact:version` → SHA-256. */
export type Jars = Readonly<Record<string, string>>

type Where = { tools: string; env: Environment; timeoutMs?: number; abort?: AbortSignal }

const run = promisify(execFile)

const copyDependencies =
  'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies' as const

/**
 * Downloads the jars with Maven into a separate folder. Maven is only the download client: it uses
 * the repositories of its own settings, and every jar is compared with its checksum.
 *
 * @returns the folder
 * @throws PlainError "could not be downloaded, because …"
 */
export const fetchJars = async (name: string, jars: Jars, where: Where): Promise<string> => {
  const folder = join(where.tools, name)
  if (await isComplete(folder, jars)) return folder
  if (programOnPath('mvn', where.env) === undefined) throw failure(name, 'Maven (mvn) is missing')
  await mkdir(where.tools, { recursive: true })
  const fresh = await mkdtemp(`${folder}.new-`)
  try {
    await download(fresh, name, jars, where)
    await checkSums(fresh, name, jars)
    // If another process was faster, its folder exists and is equivalent.
    await rename(fresh, folder).catch(() => {})
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  if (!(await isComplete(folder, jars))) throw failure(name, `${folder} cannot be written`)
  return folder
}

const isComplete = async (folder: string, jars: Jars): Promise<boolean> => {
  const files = await readdir(folder).catch((): string[] => [])
  return Object.keys(jars).every((jar) => files.includes(fileOf(jar)))
}

const fileOf = (jar: string): string => {
  const [, artifact, version] = jar.split(':')
  return `${artifact}-${version}.jar`
}

const download = async (folder: string, name: string, jars: Jars, where: Where): Promise<void> => {
  await writeFile(join(folder, 'pom.xml'), projectOf(Object.keys(jars)))
  const args = ['-q', '-B', '-f', join(folder, 'pom.xml'), copyDependencies]
  const options = {
    env: toolEnvironment(where.env),
    timeout: where.timeoutMs ?? 300_000,
    signal: where.abort,
  }
  await run('mvn', [...args, `-DoutputDirectory=${folder}`], options).catch((error) => {
    throw failure(name, reasonOf(error))
  })
}

/** A project that depends on exactly these jars: the dependencies of each are left out. */
const projectOf = (jars: readonly string[]): string => {
  const dependencies = jars.map((jar) => {
    const [group, artifact, version] = jar.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`
  })
  const own = '<groupId>local</groupId><artifactId>jars</artifactId><version>1</version>'
  return `<project><modelVersion>4.0.0</modelVersion>${own}<dependencies>${dependencies.join('')}</dependencies></project>\n`
}

const checkSums = async (folder: string, name: string, jars: Jars): Promise<void> => {
  for (const [jar, sha256] of Object.entries(jars)) {
    const content = await readFile(join(folder, fileOf(jar)))
    const digest = createHash('sha256').update(content).digest('hex')
    if (digest !== sha256) throw failure(name, `the checksum of ${fileOf(jar)} is another one`)
  }
}

const reasonOf = (error: Error & { killed?: boolean; stdout?: string }): string => {
  if (error.killed) return 'Maven took too long'
  const line = (error.stdout ?? '').split('\n').find((each) => each.includes('ERROR'))
  return `Maven failed: ${line?.replace(/^.*?ERROR\S*\s*/, '').slice(0, 200) || codeOf(error)}`
}

const failure = (name: string, reason: string): PlainError =>
  new PlainError(`${name} could not be downloaded, because ${reason.replace(/\.$/, '')}`)
