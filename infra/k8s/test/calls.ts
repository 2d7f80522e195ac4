import { settingsSchemas } from '@flash-deal/config'
import { matches, ofKind, podsOf, type Resource, type Rule } from './resources.ts'

/**
 * The allowed calls, as "order -> product:8002": those of the network policies, and those of the
 * addresses in the settings of each process.
 */

type Side = 'ingress' | 'egress'

const rulesFor = (all: readonly Resource[], labels: Record<string, string>, side: Side): Rule[] =>
  ofKind(all, 'NetworkPolicy')
    .filter(({ spec }) => matches(spec.podSelector, labels))
    .flatMap(({ spec }) => spec[side] ?? [])

/** Whether a rule allows a pod with these labels; a rule without peers allows every pod. */
const admits = (peers: Rule['to'], labels: Record<string, string>): boolean =>
  peers === undefined ||
  peers.some(
    ({ podSelector, namespaceSelector }) =>
      namespaceSelector === undefined && podSelector !== undefined && matches(podSelector, labels),
  )

const portsOf = ({ ports = [] }: Rule): string[] => ports.map(({ port }) => String(port))

type Pair = { call: (port: string) => string; sent: string[]; received: string[] }

/** The ports to which a pod may send, and the ports on which the other pod may receive. */
const pairsOf = (all: readonly Resource[]): Pair[] => {
  const pods = podsOf(all)
  return pods.flatMap((caller) =>
    pods.map((target) => ({
      call: (port) => `${caller.name} -> ${target.name}:${port}`,
      sent: rulesFor(all, caller.labels, 'egress')
        .filter(({ to }) => to !== undefined && admits(to, target.labels))
        .flatMap(portsOf),
      received: rulesFor(all, target.labels, 'ingress')
        .filter(({ from }) => from !== undefined && admits(from, caller.labels))
        .flatMap(portsOf),
    })),
  )
}

/** Calls between our pods that the policies of both sides allow. */
export const allowedCalls = (all: readonly Resource[]): string[] =>
  pairsOf(all)
    .flatMap(({ call, sent, received }) =>
      sent.filter((port) => received.includes(port)).map((port) => call(port)),
    )
    .sort()

/** Calls that only one of the two sides allows. */
export const halfAllowed = (all: readonly Resource[]): string[] =>
  pairsOf(all).flatMap(({ call, sent, received }) =>
    [...sent, ...received]
      .filter((port) => !(sent.includes(port) && received.includes(port)))
      .map((port) => call(port)),
  )

const services = ['auth', 'product', 'order', 'gateway'] as const

/** The addresses of other services in the settings of each, such as PRODUCT_GRPC_URLS. */
export const neededCalls = (settings: Readonly<Record<string, unknown>>): string[] =>
  services
    .flatMap((caller) =>
      Object.keys(settingsSchemas[caller].shape).flatMap((setting) => {
        const [, target, grpc = ''] = /^(AUTH|PRODUCT|ORDER)(_GRPC)?_URLS$/.exec(setting) ?? []
        if (target === undefined) return []
        return `${caller} -> ${target.toLowerCase()}:${settings[`${target}${grpc}_PORT`]}`
      }),
    )
    .sort()

/** Ports of servers in the settings of each process. */
const servers = { DATABASE_URL: '5432', REDIS_URL: '6379', KAFKA_BROKERS: '9092' }

export const neededServers = (name: keyof typeof settingsSchemas): string[] => {
  const settings = Object.keys(settingsSchemas[name].shape)
  return Object.entries(servers)
    .filter(([ending]) => settings.some((setting) => setting.endsWith(ending)))
    .map(([, port]) => port)
}

/** Ports on which a pod may call any address. */
export const allowedServers = (
  all: readonly Resource[],
  labels: Record<string, string>,
): string[] => rulesFor(all, labels, 'egress').flatMap((rule) => (rule.to ? [] : portsOf(rule)))
