/** Why a request by `fetch` failed, which says only that it did: what failed is behind it. */
export function whyNoAnswer(error: unknown, limitMs: number): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${limitMs / 1_000} s`;
  const { cause = error } = error;
  // where a name has several addresses each of them failed
  const [first = cause] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
  if (!(first instanceof Error) || first.message === '') return error.message;
  const { message } = first;
  const code = 'code' in first && typeof first.code === 'string' ? first.code : '';
  // the pages have it by its code: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)
  return message.includes(code) ? message : `${message} (${code})`;
}
