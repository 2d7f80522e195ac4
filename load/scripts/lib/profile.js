import { sleep } from 'k6'

/**
 * The executors of k6, chosen by environment; each script has its defaults.
 *
 * MODE=users (the default): a closed loop of VUS users, with a pause of THINK seconds on average between
 * iterations. MODE=count: the same, until COUNT iterations are done. MODE=stress: a ramp from one user
 * up to VUS. MODE=rate: an open loop of RATE iterations a second. MODE=spike: the same, with three
 * times RATE for 10 s in the middle, or for a third of DURATION if that is less. In the last two, VUS
 * is the maximum number of concurrent iterations.
 *
 * SMOKE=1 removes the latency thresholds, for a machine that runs other programs too.
 */

export const mode = __ENV.MODE || 'users'
const isSmoke = __ENV.SMOKE === '1'
const isOpen = mode === 'rate' || mode === 'spike'

export const numberOf = (name, fallback, least = 1) => {
  const number = Number(__ENV[name] || fallback)
  if (!(number >= least)) throw new Error(`${name} is a number from ${least}, not ${__ENV[name]}.`)
  return number
}

/** A user's think time, random from 0 to twice `seconds`; none in an open loop. */
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

/** The maximum number of concurrent iterations, for scripts that create a user for each. */
export const vusOf = (defaults) => numberOf('VUS', defaults.vus)

/**
 * The options of a script.
 *
 * @param defaults vus, duration (`30s`), rate (iterations a second)
 * @param latency the thresholds of the scenario
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
