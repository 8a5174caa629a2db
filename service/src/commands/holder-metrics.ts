import { SECOND } from '@lefton/core';
import type { MeterFinding } from '../capture/capture.ts';
import { realPause } from '../runtime/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { keyOf } from '../telemetry/metric.ts';

const ANSWER_MS = 3 * SECOND;
const AGAIN_MS = 500;
/** As the rules for Prometheus have it. */
const LONG_S = 600;
/** Addresses to listen at that are none to ask. */
const OWN: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' };

type Asked = Pick<Settings, 'host' | 'port' | 'metrics_port' | 'token'>;

/**
 * A meter that a running LeftOn has, with how well that one hears it, where it answers at the address of these settings.
 * One that has just begun is given as long as a meter is.
 */
export async function withHolder(
  held: MeterFinding,
  settings: Asked,
  limitMs: number,
): Promise<MeterFinding> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const age = await lastGoodOf(held.source, settings);
    if (age === undefined) return { ...held, found: `${held.found}; how well it hears is in its log` };
    if (age !== null && age > LONG_S)
      return { ...held, ok: false, found: `${held.found}, and heard it ${age} s ago: its log says why` };
    if (age !== null) return { ...held, found: `${held.found}, and heard it ${age} s ago` };
    if (performance.now() + AGAIN_MS > deadline)
      return { ...held, ok: false, found: `${held.found}, and has not heard it yet: its log says why` };
    await realPause(AGAIN_MS, new AbortController().signal);
  }
}

/** Seconds since a source was heard there, null where it never was; undefined where nobody there knows it. */
async function lastGoodOf(source: string, asked: Asked): Promise<number | null | undefined> {
  const { host, port, metrics_port, token } = asked;
  try {
    const response = await fetch(`http://${OWN[host] ?? host}:${metrics_port ?? port}/metrics`, {
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...{ redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) },
    });
    const lines = (await response.text()).split('\n');
    const valueOf = (name: string, labels: Record<string, string>): string | undefined => {
      const start = `${name}${keyOf(labels)} `;
      return lines.find((line) => line.startsWith(start))?.slice(start.length);
    };
    if (valueOf('lefton_meter_frames_total', { source, quality: 'good' }) === undefined) return undefined;
    const age = valueOf('lefton_meter_last_good_seconds', { source });
    return age === undefined ? null : Number(age);
  } catch {
    // nobody answers there: it is not for us to say more of it than that it has the meter
    return undefined;
  }
}
