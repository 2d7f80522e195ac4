/** Writes contracts/gen from the contracts. With `--check`, fails if it is not up to date. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { stringify } from 'yaml'
import { merge } from './merge.ts'
import { type OpenApiDocument, type ServiceName, serviceNames } from './openapi.ts'

type Documents = Record<ServiceName, OpenApiDocument>
type File = { name: string; text: string }

const root = import.meta.dirname
const folder = join(root, 'gen')
const run = promisify(execFile)

/** Bundles all contracts in one run. @redocly/cli has only a command, no library. */
const bundle = async (): Promise<Documents> => {
  const output = await mkdtemp(join(tmpdir(), 'contracts-'))
  try {
    const command = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'))
    const options = ['--ext', 'json', '--output', output]
    await run(process.execPath, [command, 'bundle', ...serviceNames, ...options], { cwd: root })
    return await readDocuments(output)
  } finally {
    await rm(output, { recursive: true })
  }
}

const readDocuments = async (from: string): Promise<Documents> => {
  const read = async (name: ServiceName) =>
    // The lint checks that it is a valid document.
    JSON.parse(await readFile(join(from, `${name}.json`), 'utf8')) as OpenApiDocument
  const [auth, product, order, gateway] = await Promise.all([
    read('auth'),
    read('product'),
    read('order'),
    read('gateway'),
  ])
  return { auth, product, order, gateway }
}

/** JSON for run time, so that a service needs no YAML parser. */
const documentFile = (name: string, document: OpenApiDocument): File => ({
  name: `${name}.json`,
  text: `${JSON.stringify(document, null, 2)}\n`,
})

const typesFile = async (name: ServiceName, document: OpenApiDocument): Promise<File> => ({
  name: `${name}.ts`,
  text: [
    `// Generated from contracts/${name}.yaml. DO NOT EDIT.`,
    astToString(await openapiTS(JSON.stringify(document), { silent: true })),
  ].join('\n'),
})

/** All strings are quoted, because parsers disagree about which plain scalars are strings. */
const yamlFile = (name: string, document: OpenApiDocument): File => ({
  name: `${name}.yaml`,
  text: [
    '# Generated from contracts/*.yaml. DO NOT EDIT.',
    stringify(document, {
      aliasDuplicateObjects: false,
      defaultKeyType: 'PLAIN',
      defaultStringType: 'QUOTE_SINGLE',
      lineWidth: 0,
    }),
  ].join('\n'),
})

const protoFolder = join(root, 'proto')

/** The representation of messages in JavaScript. grpc.ts loads the contracts with the same options. */
const protoOptions = ['--keepCase', '--longs=Number', '--enums=String', '--arrays']

/** The types of gRPC: a file for each message and service. The tool's files for packages are left out. */
const protoFiles = async (): Promise<File[]> => {
  const output = await mkdtemp(join(tmpdir(), 'proto-'))
  try {
    const command = fileURLToPath(
      import.meta.resolve('@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
    )
    const options = [...protoOptions, '--importFileExtension=.ts', '--grpcLib=@grpc/grpc-js']
    const files = (await readdir(protoFolder)).filter((name) => name.endsWith('.proto')).sort()
    const folders = ['-O', output, '-I', protoFolder]
    await run(process.execPath, [command, ...options, ...folders, '--', ...files], { cwd: root })
    return await readTypes(output)
  } finally {
    await rm(output, { recursive: true })
  }
}

const readTypes = async (from: string): Promise<File[]> => {
  const names = (await readdir(from, { recursive: true })).filter((name) => /\/.*\.ts$/.test(name))
  return Promise.all(
    names.sort().map(async (name) => ({
      name: `proto/${name}`,
      text: [
        '// Generated from contracts/proto. DO NOT EDIT.',
        // The tool writes the absolute path of each source into its output.
        (await readFile(join(from, name), 'utf8')).replaceAll(`${root}/`, 'contracts/').trimEnd(),
        '',
      ].join('\n'),
    })),
  )
}

const goPackage = 'apps/order-go/internal/productpb'

/** The messages for H4. Most clones have no Go; nobody needs it who changes no message. */
const goMessages = async (): Promise<File[]> => {
  const hasGo = await run('go', ['version']).then(
    () => true,
    () => false,
  )
  if (!hasGo) return []
  const options = ['contracts/proto', 'product.proto', `flash-deal/${goPackage}`]
  const { stdout } = await run('go', ['run', './contracts/go', ...options], {
    cwd: join(root, '..'),
  })
  return [{ name: `../../${goPackage}/product.pb.go`, text: stdout }]
}

const build = async (): Promise<File[]> => {
  const documents = await bundle()
  const types = await Promise.all(serviceNames.map((name) => typesFile(name, documents[name])))
  const bundled = serviceNames.map((name) => documentFile(name, documents[name]))
  const merged = merge(documents)
  const messages = [...(await protoFiles()), ...(await goMessages())]
  return [...bundled, ...types, yamlFile('openapi', merged), ...messages]
}

const write = async (files: File[]): Promise<void> => {
  for (const { name, text } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const isStale = async ({ name, text }: File): Promise<boolean> =>
  (await readFile(join(folder, name), 'utf8').catch(() => '')) !== text

const check = async (files: File[]): Promise<void> => {
  const verdicts = await Promise.all(files.map(isStale))
  const stale = files.filter((_, index) => verdicts[index]).map(({ name }) => `gen/${name}`)
  if (stale.length === 0) return
  console.error(`Not up to date in contracts: ${stale.join(', ')}. Run \`npm run generate\`.`)
  process.exitCode = 1
}

const files = await build()
await (process.argv.includes('--check') ? check(files) : write(files))
