import type { ProcessName } from '@flash-deal/config'
import { parse } from 'yaml'
import { read } from './image-files.ts'

/** docker-compose.yml, as far as the tests need it. */

export type Service = {
  image: string
  profiles: string[]
  command?: string[]
  user?: string
  ports?: string[]
  volumes?: string[]
  depends_on?: Record<string, object>
  networks: string[] | Record<string, { aliases: string[] }>
  environment: Record<string, string | number>
  healthcheck?: { test: string[] }
  build?: { dockerfile: string; args?: { SERVICE: string } }
  deploy: { resources: { limits: { pids: number; memory: string } } }
}

export const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean }>
  volumes: Record<string, object>
}

/** The services of the project's images, with the settings that each reads. */
export const own: Record<string, ProcessName> = {
  migrate: 'migrate',
  auth: 'auth',
  'auth-go': 'auth',
  product: 'product',
  order: 'order',
  'order-go': 'order',
  gateway: 'gateway',
}

export const serviceOf = (name: string): Service => {
  const service = compose.services[name]
  if (!service) throw new Error(`docker-compose.yml has no service ${name}.`)
  return service
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?sentence}`, expanded as Compose does. */
export const filledIn = (text: string, values: NodeJS.Dict<string>): string =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, word: string) => {
    if (values[name]) return values[name]
    if (kind === '?') throw new Error(`${name}: ${word}`)
    return word ?? ''
  })

export const environmentOf = (name: string, values: NodeJS.Dict<string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(serviceOf(name).environment).map(([setting, value]) => [
      setting,
      filledIn(String(value), values),
    ]),
  )
