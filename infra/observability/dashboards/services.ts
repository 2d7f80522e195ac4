import { dashboardOf } from './dashboard.ts'
import { durations, lines, number, states, zeroIsRight } from './panel.ts'
import { quantile, rate } from './queries.ts'

const ofService = 'service=~"$service"'
const requests = `http_requests_total{${ofService}}`
const failed = `http_requests_total{${ofService},status=~"5.."}`
const all = ['service', 'operation'] as const

/** The dashboard of the services: rate, errors, duration and waiting times. */
export const services = dashboardOf({
  uid: 'flash-deal-services',
  title: 'Flash Deal: the services',
  description: 'Rate, errors, duration and waiting times of each service',
  variable: {
    name: 'service',
    label: 'Service',
    query: 'label_values(up{job="flash-deal"}, service)',
  },
  rows: [
    [
      number({
        title: 'Requests a second',
        description: 'At the gateway.',
        unit: 'reqps',
        queries: [[`sum(${rate('http_requests_total{service="gateway"}')})`, 'requests']],
      }),
      number(
        {
          title: 'Failed requests in an hour',
          description: 'The share with 5xx at the gateway. The objective is at most 0.1 %.',
          unit: 'percentunit',
          queries: [['gateway:request_errors:ratio_rate1h', 'failed']],
        },
        [
          { value: 0.001, color: 'yellow' },
          { value: 0.0144, color: 'red' },
        ],
      ),
      number(
        {
          title: 'Processes that are down',
          description: 'Processes that cannot be scraped.',
          unit: 'short',
          queries: [['count(up{job="flash-deal"}) - sum(up{job="flash-deal"})', 'processes']],
        },
        zeroIsRight,
      ),
      number({
        title: 'Open streams',
        description: 'Clients that follow a pending order.',
        unit: 'short',
        queries: [['sum(order_streams)', 'streams']],
      }),
      number({
        title: 'Refused by rate limits',
        description: 'Requests a second with 429 (M4).',
        unit: 'reqps',
        queries: [
          [
            `sum(${rate('http_requests_total{service="gateway",status="429"}')}) or vector(0)`,
            'requests',
          ],
        ],
      }),
      number(
        {
          title: 'Figures that cannot be read',
          description:
            'Failed statements of the last five minutes; the gauges are missing meanwhile.',
          unit: 'short',
          queries: [['sum(increase(figure_reads_failed_total[5m]))', 'failures']],
        },
        zeroIsRight,
      ),
    ],
    [
      lines({
        title: 'Requests',
        description: 'By service and operation.',
        unit: 'reqps',
        queries: [[`sum by (service, operation) (${rate(requests)})`, '{{service}} {{operation}}']],
      }),
      lines({
        title: 'Failed requests',
        description:
          'The share of the requests of a service with 5xx, refusals under overload included.',
        unit: 'percentunit',
        queries: [
          [
            `(sum by (service) (${rate(failed)}) or 0 * sum by (service) (${rate(requests)})) / sum by (service) (${rate(requests)})`,
            '{{service}}',
          ],
        ],
      }),
    ],
    [
      durations({
        title: 'Duration of a request, 95 %',
        description: 'To the last byte of the response, by operation. A point leads to a trace.',
        unit: 's',
        queries: [
          [
            quantile(0.95, `http_request_duration_seconds_bucket{${ofService}}`, all),
            '{{service}} {{operation}}',
          ],
        ],
      }),
      lines({
        title: 'Wait for a connection to PostgreSQL, 95 %',
        description: 'Time from the call of a statement until its connection is free for it (E5).',
        unit: 's',
        queries: [
          [
            quantile(0.95, `postgres_waiting_seconds_bucket{${ofService}}`, ['service', 'pool']),
            '{{service}} {{pool}}',
          ],
        ],
      }),
    ],
    [
      lines({
        title: 'Utilization of the event loop',
        description:
          'The share of the time in which it is busy. At 100 % a process can do no more.',
        unit: 'percentunit',
        queries: [
          [
            `sum by (service, instance) (${rate(`nodejs_eventloop_seconds_total{${ofService},state="active"}`)})`,
            '{{service}} {{instance}}',
          ],
        ],
      }),
      lines({
        title: 'Lag of the event loop, 99 %',
        description: 'How late a timer of 100 ms runs.',
        unit: 's',
        queries: [
          [
            `clamp_min(max by (service) (nodejs_eventloop_lag_p99_seconds{${ofService}}) - 0.1, 0)`,
            '{{service}}',
          ],
        ],
      }),
    ],
    [
      lines({
        title: 'CPU',
        description: 'Cores that each process uses.',
        unit: 'short',
        queries: [
          [
            `sum by (service, instance) (${rate(`process_cpu_seconds_total{${ofService}}`)})`,
            '{{service}} {{instance}}',
          ],
        ],
      }),
      lines({
        title: 'Memory',
        description: 'Resident memory of each process.',
        unit: 'bytes',
        queries: [[`process_resident_memory_bytes{${ofService}}`, '{{service}} {{instance}}']],
      }),
    ],
    [
      lines({
        title: 'Requests that wait at the gateway',
        description: 'By class of operations, each with its own connections to a service.',
        unit: 'short',
        queries: [['sum by (class) (route_class_requests{state="waiting"})', '{{class}}']],
      }),
      states(
        {
          title: 'Circuit breakers before product',
          description: 'The state of each call, with M5 optimized.',
          unit: 'none',
          queries: [
            [
              '2 * max by (call) (circuit_breaker_state{state="open"}) + max by (call) (circuit_breaker_state{state="half_open"})',
              '{{call}}',
            ],
          ],
        },
        {
          0: { text: 'closed', color: 'green' },
          1: { text: 'half-open', color: 'yellow' },
          2: { text: 'open', color: 'red' },
        },
      ),
    ],
    [
      lines({
        title: 'Hits of the caches',
        description: 'The share of lookups with a hit, by scenario.',
        unit: 'percentunit',
        queries: [
          [
            'scenario:cache_hits:rate1m / (scenario:cache_hits:rate1m + scenario:cache_misses:rate1m > 0)',
            '{{scenario}}',
          ],
        ],
      }),
      lines({
        title: 'Connections closed at a limit',
        description: 'By the limit that a client has exceeded.',
        unit: 'ops',
        queries: [
          [
            `sum by (service, reason) (${rate(`connections_closed_total{${ofService}}`)})`,
            '{{service}} {{reason}}',
          ],
        ],
      }),
    ],
  ],
})
