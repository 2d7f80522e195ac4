import { ink } from './axis.ts'

/** The line at the ratio 1; for charts whose x is the logarithm of a ratio. */
export const lineAtOne = {
  clip: false,
  markLine: {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: ink, type: 'dashed', width: 1 },
    data: [{ xAxis: 0 }],
  },
} as const
