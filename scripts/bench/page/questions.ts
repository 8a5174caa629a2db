import { Agent, request } from 'node:http';

/** How a server answered. */
export interface Pace {
  readonly perSecond: number;
  /** ms that 99 of 100 answers took at most. */
  readonly p99: number;
  /** Of one answer. */
  readonly bytes: number;
}

/** Asks one thing over and over, so many at a time, for so long. */
export async function questions(url: string, atOnce: number, seconds: number): Promise<Pace> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const took: number[] = [];
  let bytes = 0;
  const started = performance.now();
  const ask = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1_000) {
      const asked = performance.now();
      bytes = await get(url, agent);
      took.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  const all = (performance.now() - started) / 1_000;
  agent.destroy();
  return { perSecond: took.length / all, p99: percentile(took, 0.99), bytes };
}

/** The value that a share of all is at or below. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

const get = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const asking = request(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url} answered ${String(response.statusCode)}`));
      });
    });
    asking.on('error', reject);
    asking.end();
  });
