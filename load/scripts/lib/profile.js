import { sleep } from 'k6'

/**
 * How the load comes, by environment; a script names its defaults.
 *
 * MODE=users: VUS users, each with the next request when the answer to the last has come, and after
 * a pause of THINK seconds on average; what comes unless MODE is set. MODE=count: the same, until
 * COUNT iterations are done. MODE=stress: from one user up to VUS. MODE=rate: RATE iterations a
 * second, whatever the system does about it. MODE=spike: the same, with three times RATE for 10 s in
 * the middle, or for a third of DURATION if that is less. In these two VUS is how many may be under
 * way.
 *
 * SMOKE=1 leaves out what tells of speed, for a machine that has other things to do.
 */

export const mode = __ENV.MODE || 'users'
const isSmoke = __ENV.SMOKE === '1'
const isOpen = mode === 'rate' || mode === 'spike'

export const numberOf = (name, fallback, least = 1) => {
  const number = Number(__ENV[name] || fallback)
  if (!(number >= least)) throw new Error(`${name} is a number from ${least}, not ${__ENV[name]}.`)
  return number
}

/** A user's pause, random from none to twice `seconds`; none in an open loop. */
export const think = (seconds) => {
  if (!isOpen) sleep(2 * numberOf('THINK', seconds, 0) * Math.random())
}

const secondsOf = (duration) => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m)$/.exec(duration) || []
  if (!(number > 0)) throw new Error(`DURATION is like 30s or 2m, not ${duration}.`)
  return Number(number) * (unit === 'm' ? 60 : 1)
}

const users = ({ vus, duration }) => ({ executor: 'constant-vus', vus, duration })

const count = ({ vus }) => ({
  executor: 'shared-iterations',
  vus,
  iterations: numberOf('COUNT', 10_000),
  maxDuration: '1h',
})

const stress = ({ vus, duration }) => ({
  executor: 'ramping-vus',
  startVUs: 1,
  stages: [{ target: vus, duration }],
})

const rate = ({ vus, duration, rate }) => ({
  executor: 'constant-arrival-rate',
  rate,
  duration,
  preAllocatedVUs: vus,
})

const spike = ({ vus, duration, rate }) => {
  const seconds = secondsOf(duration)
  const high = Math.min(10, seconds / 3)
  const around = `${Math.round((1_000 * (seconds - high)) / 2)}ms`
  return {
    executor: 'ramping-arrival-rate',
    startRate: rate,
    preAllocatedVUs: vus,
    stages: [
      { target: rate, duration: around },
      { target: 3 * rate, duration: '0s' },
      { target: 3 * rate, duration: `${Math.round(1_000 * high)}ms` },
      { target: rate, duration: '0s' },
      { target: rate, duration: around },
    ],
  }
}

const executors = { users, count, stress, rate, spike }

/** How many may be under way at a time; who needs a user for each makes so many. */
export const vusOf = (defaults) => numberOf('VUS', defaults.vus)

/**
 * The options of a script.
 *
 * @param defaults vus, duration (`30s`), rate (iterations a second)
 * @param latency thresholds that the plan names
 */
export const optionsFor = (defaults, latency = {}) => {
  const executor = executors[mode]
  if (!executor)
    throw new Error(`MODE is one of ${Object.keys(executors).join(', ')}, not ${mode}.`)
  const scenario = executor({
    vus: vusOf(defaults),
    duration: __ENV.DURATION || defaults.duration,
    rate: numberOf('RATE', defaults.rate),
  })
  const speed = { ...latency, ...(isOpen && { dropped_iterations: ['count==0'] }) }
  return {
    scenarios: { [mode]: scenario },
    thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'], ...(!isSmoke && speed) },
    summaryTrendStats: ['avg', 'min', 'med', 'p(95)', 'p(99)', 'max', 'count'],
  }
}
