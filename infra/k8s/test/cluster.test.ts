import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ProcessName,
  readSettings,
  scenarioIds,
  scenarioOf,
  settingsSchemas,
} from '@flash-deal/config'
import { documents, operationsOf } from '@flash-deal/contracts'
import { root } from '@flash-deal/local/paths'
import t, { type Test } from 'tap'
import { allowedCalls, allowedServers, halfAllowed, neededCalls, neededServers } from './calls.ts'
import { findKustomize, folderOf, type Overlay, overlays, render, resourcesIn } from './render.ts'
import { type Env, matches, named, ofKind, podsOf, type Resource } from './resources.ts'

/** Checks the overlays as built by kustomize against the code, without a cluster. */

const services = ['auth', 'product', 'order', 'gateway'] as const
const found = await findKustomize()
const kustomize = 'program' in found ? found.program : ''
const skip = kustomize === '' && `there is no kustomize: ${'reason' in found ? found.reason : ''}`

const settings = readSettings('local', {})
const portOf = (name: string): number =>
  Number(Object.entries(settings).find(([key]) => key === `${name.toUpperCase()}_PORT`)?.[1])

/** Each overlay is built once. */
const built = new Map(
  skip
    ? []
    : await Promise.all(
        overlays.map(async (overlay) => {
          const text = await render(kustomize, folderOf(overlay))
          return [overlay, resourcesIn(text)] as const
        }),
      ),
)
const resourcesOf = (overlay: Overlay): readonly Resource[] => built.get(overlay) ?? []

const eachOverlay = (
  title: string,
  check: (t: Test, all: readonly Resource[]) => void | Promise<void>,
): void => {
  for (const overlay of overlays) {
    t.test(`${title}: ${overlay}`, { skip }, async (t) => {
      await check(t, resourcesOf(overlay))
    })
  }
}

const environmentOf = (all: readonly Resource[], { env = [], envFrom = [] }: Given): Known => {
  const common = envFrom.flatMap(({ configMapRef }) =>
    Object.entries(named(all, 'ConfigMap', configMapRef.name).data ?? {}),
  )
  return Object.fromEntries([...common, ...env.map((each) => [each.name, givenTo(all, each)])])
}

type Given = { env?: Env[]; envFrom?: { configMapRef: { name: string } }[] }
type Known = Record<string, string>

/** The placeholder of a value from a Secret. */
const givenTo = (all: readonly Resource[], { name, value, valueFrom }: Env): string => {
  if (value !== undefined) return value
  const { configMapKeyRef: from, secretKeyRef } = valueFrom ?? {}
  if (from !== undefined) return named(all, 'ConfigMap', from.name).data?.[from.key] ?? '?'
  if (name.endsWith('DATABASE_URL')) return 'postgres://role:secret-of-a-test@postgres.test/db'
  return secretKeyRef?.optional ? '' : 'secret-of-a-test'
}

eachOverlay('every process starts in production with its environment', (t, all) => {
  for (const { name, container } of podsOf(all)) {
    const environment = environmentOf(all, container)
    t.equal(environment.NODE_ENV, 'production', name)
    t.doesNotThrow(() => readSettings(name as ProcessName, environment), name)
  }
})

const flags = ['SCENARIOS', ...scenarioIds.map((id) => `SCENARIO_${id}`)]

eachOverlay('the migrator gets the flags of the scenarios that change the database', (t, all) => {
  const migrator = podsOf(all).find(({ name }) => name === 'migrate')
  const given = migrator?.container.env?.map(({ name }) => name) ?? []
  const wanted = scenarioIds.filter((id) => scenarioOf(id).seam === 'data')
  t.not(wanted.length, 0)
  for (const id of wanted) t.ok(given.includes(`SCENARIO_${id}`), id)
})

eachOverlay('a process gets only settings that it reads, and all addresses and keys', (t, all) => {
  for (const { name, container } of podsOf(all)) {
    const known = Object.keys(settingsSchemas[name as ProcessName].shape)
    const given = Object.keys(environmentOf(all, container))
    const unknown = given.filter((each) => ![...known, ...flags].includes(each))
    // Redlock's three lock servers are an experiment and not part of a cluster.
    const needed = known.filter(
      (each) => /(_URLS?|_BROKERS|_KEYS?|^HOST|^POOLER)$/.test(each) && each !== 'REDLOCK_URLS',
    )
    t.strictSame(unknown, [], name)
    t.strictSame(
      needed.filter((each) => !given.includes(each)),
      [],
      name,
    )
  }
})

eachOverlay('secrets are named and not contained, each service names its own', (t, all) => {
  t.strictSame(ofKind(all, 'Secret'), [])
  const secretsOf = (name: string) => {
    const pod = podsOf(all).find((each) => each.name === name)
    const names = pod?.container.env?.flatMap(
      ({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? [],
    )
    return [...new Set(names)].sort()
  }
  t.strictSame(secretsOf('gateway'), ['internal-key'])
  for (const name of ['auth', 'product', 'order']) {
    t.strictSame(secretsOf(name), [`${name}-secrets`, 'internal-key'].sort())
  }
})

eachOverlay('the policies allow exactly the calls that the settings name', (t, all) => {
  const needed = neededCalls(settings)
  t.equal(needed.length, 6)
  t.strictSame(allowedCalls(all), needed)
  t.strictSame(halfAllowed(all), [], 'the two sides of each call agree')
  for (const { name, labels } of podsOf(all)) {
    t.strictSame(allowedServers(all, labels), neededServers(name as ProcessName), name)
  }
})

eachOverlay('a further call that a policy allows is found', (t, all) => {
  const planted: Resource[] = structuredClone([...all])
  const peer = (name: string) => [
    { podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } },
  ]
  const ports = [{ port: 8001 }]
  named(planted, 'NetworkPolicy', 'product').spec.egress?.push({ to: peer('auth'), ports })
  t.strictSame(halfAllowed(planted), ['product -> auth:8001'], 'one side')
  named(planted, 'NetworkPolicy', 'auth').spec.ingress?.push({ from: peer('product'), ports })
  t.not(allowedCalls(planted).length, allowedCalls(all).length, 'both sides')
})

eachOverlay('everything else is denied, and only the gateway receives from anywhere', (t, all) => {
  const { spec } = named(all, 'NetworkPolicy', 'deny-all')
  t.match(spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  t.strictSame([spec.ingress, spec.egress], [undefined, undefined])
  const open = ofKind(all, 'NetworkPolicy').filter(({ spec: { ingress = [] } }) =>
    ingress.some(({ from }) => from === undefined),
  )
  t.strictSame(
    open.map(({ metadata }) => metadata.name),
    ['gateway'],
  )
})

eachOverlay('selectors select the pods of their service', (t, all) => {
  const pods = podsOf(all)
  for (const { kind, metadata, spec } of ofKind(
    all,
    'Service',
    'PodDisruptionBudget',
    'Deployment',
  )) {
    const selector = kind === 'Service' ? { matchLabels: spec.selector } : spec.selector
    const selected = pods.filter(({ labels }) => matches(selector, labels))
    t.strictSame(
      selected.map(({ name }) => name),
      [metadata.name],
      `${kind} ${metadata.name}`,
    )
  }
  for (const { name, labels, pod } of pods.filter((each) => each.name !== 'migrate')) {
    t.equal(pod.topologySpreadConstraints?.length, 2, name)
    for (const { labelSelector } of pod.topologySpreadConstraints ?? []) {
      t.ok(matches(labelSelector, labels), name)
    }
  }
})

eachOverlay('ports are those of the settings, and a Service leads to them', (t, all) => {
  for (const name of services) {
    const { container } = podsOf(all).find((each) => each.name === name) ?? {}
    const ports = Object.fromEntries(
      (container?.ports ?? []).map((port) => [port.name, port.containerPort]),
    )
    t.equal(ports.http, portOf(name), name)
    t.equal(ports.metrics, portOf(name) + 1_000, name)
    for (const { targetPort, port } of named(all, 'Service', name).spec.ports) {
      t.equal(ports[targetPort], port, `${name} ${targetPort}`)
    }
  }
  const { container } = podsOf(all).find((each) => each.name === 'product') ?? {}
  t.match(container?.ports, [{}, {}, { name: 'grpc', containerPort: settings.PRODUCT_GRPC_PORT }])
})

eachOverlay('probes ask for what the contract of the service declares', (t, all) => {
  for (const name of services) {
    const { container } = podsOf(all).find((each) => each.name === name) ?? {}
    const paths = operationsOf(documents[name]).map(({ path }) => path)
    const { startupProbe, readinessProbe, livenessProbe } = container ?? {}
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      const { path = '', port } = probe?.httpGet ?? {}
      if (port === 'metrics') t.equal(path, '/metrics', name)
      else t.ok(port === 'http' && paths.includes(path), `${name} ${path}`)
    }
  }
})

eachOverlay('a pod is stopped after it has left the Service, and with time to drain', (t, all) => {
  for (const { name, pod, container } of podsOf(all).filter((each) => each.name !== 'migrate')) {
    const seconds = container.lifecycle?.preStop.sleep.seconds ?? 0
    const { DRAIN_MS = '0' } = environmentOf(all, container)
    t.ok(seconds >= 5, name)
    t.ok(Number(DRAIN_MS) >= 500 && Number(DRAIN_MS) <= 8_500, name)
    // A service ends within ten seconds of the signal.
    t.ok((pod.terminationGracePeriodSeconds ?? 0) >= seconds + 10, name)
  }
})

eachOverlay('every pod is unprivileged, read-only and without a token', (t, all) => {
  for (const { name, pod, container } of podsOf(all)) {
    t.match(pod, {
      automountServiceAccountToken: false,
      // Otherwise Kubernetes sets AUTH_PORT to "tcp://…", and auth does not start.
      enableServiceLinks: false,
      serviceAccountName: name,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1_000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    })
    t.strictSame(container.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    })
    t.match(container.resources, {
      requests: { cpu: /\d/, memory: /Mi$/ },
      limits: { memory: /Mi$/ },
    })
    t.equal(named(all, 'ServiceAccount', name).automountServiceAccountToken, false)
  }
})

eachOverlay('every command runs a file of the image', (t, all) => {
  for (const { name, container } of podsOf(all)) {
    const [program, file = ''] = container.command
    t.equal(program, 'node', name)
    t.ok(existsSync(join(root, file)), `${name}: ${file}`)
    t.match(container.image, /flash-deal:\w/, name)
  }
})

t.test('in production at least two of each are kept and scaled', { skip }, async (t) => {
  const all = resourcesOf('production')
  for (const name of services) {
    const { spec } = named(all, 'HorizontalPodAutoscaler', name)
    t.strictSame(spec.scaleTargetRef, { apiVersion: 'apps/v1', kind: 'Deployment', name })
    t.ok(spec.minReplicas >= 2 && spec.maxReplicas > spec.minReplicas, name)
    t.equal(
      named(all, 'Deployment', name).spec.replicas,
      undefined,
      `${name}: nobody else scales it`,
    )
    named(all, 'PodDisruptionBudget', name)
  }
  const consumers = named(all, 'HorizontalPodAutoscaler', 'order').spec.maxReplicas
  t.match(
    readFileSync(join(root, 'docs/scaling.md'), 'utf8'),
    `up to ${consumers} instances of order`,
  )
})

t.test('locally there is one of each, and no autoscaling', { skip }, async (t) => {
  const all = resourcesOf('local')
  t.strictSame(ofKind(all, 'HorizontalPodAutoscaler', 'PodDisruptionBudget'), [])
})
