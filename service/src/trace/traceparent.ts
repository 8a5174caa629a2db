/** Where a span stands in its trace, as the header `traceparent` has it (https://www.w3.org/TR/trace-context/). */
export interface Context {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** It is recorded; what follows is to be as well. */
  readonly sampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;
const SAMPLED = 1;

/** undefined for what is no context, or one of version ff, or of zeros alone: a trace begins anew then. */
export function contextOf(traceparent: string | null | undefined): Context | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = FORM.exec(traceparent ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export const traceparentOf = ({ traceId, spanId, sampled }: Context): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
