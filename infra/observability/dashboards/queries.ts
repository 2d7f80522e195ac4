/** Parts of PromQL that several panels have. */

/** The change of counters in a second. */
export const rate = (counter: string): string => `rate(${counter}[$__rate_interval])`

/** A quantile of a histogram, one line for each combination of the labels. */
export const quantile = (share: number, buckets: string, labels: readonly string[] = []): string =>
  `histogram_quantile(${share}, sum by (${['le', ...labels].join(', ')}) (${rate(buckets)}))`

/** The mean of what a histogram has observed, by a label. */
export const mean = (histogram: string, label: string): string =>
  `sum by (${label}) (${rate(`${histogram}_sum`)}) / sum by (${label}) (${rate(`${histogram}_count`)})`
