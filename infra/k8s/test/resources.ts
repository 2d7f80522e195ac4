/** Kubernetes objects, as far as the tests read them. */

export type Labels = Record<string, string>
type Selector = { matchLabels?: Labels }

export type Probe = { httpGet: { path: string; port: string } }

export type Env = {
  name: string
  value?: string
  valueFrom?: {
    secretKeyRef?: { name: string; key: string; optional?: boolean }
    configMapKeyRef?: { name: string; key: string }
  }
}

export type Container = {
  name: string
  image: string
  command: string[]
  env?: Env[]
  envFrom?: { configMapRef: { name: string } }[]
  ports?: { name: string; containerPort: number }[]
  startupProbe?: Probe
  readinessProbe?: Probe
  livenessProbe?: Probe
  lifecycle?: { preStop: { sleep: { seconds: number } } }
  resources: { requests: Labels; limits: Labels }
  securityContext: {
    allowPrivilegeEscalation: boolean
    readOnlyRootFilesystem: boolean
    capabilities: { drop: string[] }
  }
}

export type PodSpec = {
  automountServiceAccountToken: boolean
  enableServiceLinks: boolean
  serviceAccountName: string
  terminationGracePeriodSeconds?: number
  topologySpreadConstraints?: { topologyKey: string; labelSelector: Selector }[]
  securityContext: { runAsNonRoot: boolean; runAsUser: number; seccompProfile: { type: string } }
  containers: [Container]
}

export type Peer = { podSelector?: Selector; namespaceSelector?: Selector }
type Port = { port: number | string }
export type Rule = { from?: Peer[]; to?: Peer[]; ports?: Port[] }

type Metadata = { name: string; namespace?: string; labels?: Labels }

/** The fields of every kind together; each kind has some of them. */
export type Resource = {
  kind: string
  metadata: Metadata
  data?: Record<string, string>
  automountServiceAccountToken?: boolean
  spec: {
    replicas?: number
    selector: Selector & Labels
    template: { metadata: { labels: Labels }; spec: PodSpec }
    ports: { name: string; port: number; targetPort: string }[]
    scaleTargetRef: { kind: string; name: string }
    minReplicas: number
    maxReplicas: number
    podSelector: Selector
    policyTypes: string[]
    ingress?: Rule[]
    egress?: Rule[]
  }
}

export const ofKind = (all: readonly Resource[], ...kinds: string[]): Resource[] =>
  all.filter(({ kind }) => kinds.includes(kind))

/** @throws Error if there is no such object */
export const named = (all: readonly Resource[], kind: string, name: string): Resource => {
  const found = ofKind(all, kind).find(({ metadata }) => metadata.name === name)
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

/** The pod templates of Deployments and Jobs, by the name of the object. */
export const podsOf = (all: readonly Resource[]) =>
  ofKind(all, 'Deployment', 'Job').map(({ metadata, spec }) => ({
    name: metadata.name,
    labels: spec.template.metadata.labels,
    pod: spec.template.spec,
    container: spec.template.spec.containers[0],
  }))

export const matches = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value)
