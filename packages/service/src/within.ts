/**
 * Settles as `work` does, but rejects after this time at the latest. The work continues then, and its
 * own error is ignored.
 * @param ms the time, in milliseconds
 * @param expired called when the time is over; returns the error
 */
export const within = async <Result>(
  ms: number,
  work: PromiseLike<Result>,
  expired: () => Error,
): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(expired()), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
