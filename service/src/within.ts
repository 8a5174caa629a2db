/** Something did not come in time. */
export class Late extends Error {
  readonly ms: number;

  constructor(ms: number) {
    super(`not within ${ms} ms`);
    this.name = 'Late';
    this.ms = ms;
  }
}

/**
 * What comes, if it comes in time; what comes later is ignored.
 * @throws Late
 */
export function within<T>(coming: Promise<T>, ms: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    reject(new Late(ms));
  }, ms);
  coming.then(resolve, reject).finally(() => {
    clearTimeout(timer);
  });
  return promise;
}
