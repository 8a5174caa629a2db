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
 * @param stop breaks off
 * @throws Late, or the reason of `stop`
 */
export function within<T>(coming: Promise<T>, ms: number, stop?: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    reject(new Late(ms));
  }, ms);
  const breakOff = (): void => {
    reject(stop?.reason);
  };
  const over = (): void => {
    clearTimeout(timer);
    stop?.removeEventListener('abort', breakOff);
  };
  if (stop?.aborted === true) breakOff();
  stop?.addEventListener('abort', breakOff);
  coming.then(resolve, reject);
  promise.then(over, over);
  return promise;
}
