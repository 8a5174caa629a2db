import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { tellLinks } from './capture.ts';
import type { CaptureReport } from './capture.ts';
import { SystemClock } from '../runtime/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { Attempts } from '../http/access/attempts.ts';
import { bearerOf, isEqual } from '../http/access/guard.ts';
import { listen, urlOf } from '../http/listen.ts';
import { isKnown, knownNames, ownNames } from '../http/access/origin.ts';
import { tellProcess } from '../http/routes/scrape.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers GET /metrics and /healthz of a capture that runs alone, where `metrics_port` asks for it: how well its meters are
 * heard and what waits, by the names that a service has for them. Without Express, which would take its memory.
 * @throws LeftOnError `token_needed`, `cannot_listen`
 */
export async function answerPrometheus(
  settings: Pick<Settings, 'metrics_port' | 'host' | 'token' | 'allow_host'>,
  reports: () => readonly CaptureReport[],
  metrics: Metrics,
  log: Log,
): Promise<Server | undefined> {
  const { metrics_port, host, token, allow_host } = settings;
  if (metrics_port === null) return undefined;
  const clock = new SystemClock();
  const attempts = new Attempts(clock);
  const names = knownNames(ownNames(allow_host));
  const answerTo = (request: IncomingMessage): Answer => {
    const { headers, method, url } = request;
    if (!isKnown(headers.host, names))
      return { status: 421, text: 'Unknown host: allow_host has the names that are meant to be used.\n' };
    if (method !== 'GET') return { status: 405, text: 'Only GET is answered.\n', headers: { allow: 'GET' } };
    const path = url?.replace(/\?.*$/, '');
    if (path === '/healthz') return { status: 200, text: 'ok\n' };
    if (path !== '/metrics') return { status: 404, text: 'There are /metrics and /healthz.\n' };
    const refusal = token === null ? undefined : refusalOf(request, token, attempts);
    if (refusal !== undefined) return refusal;
    tellLinks(metrics, reports());
    tellProcess(metrics, clock.now());
    return { status: 200, text: rendered(metrics), headers: { 'content-type': 'text/plain; version=0.0.4' } };
  };
  const answer: RequestListener = (request, response) => {
    const { status, text, headers } = answerTo(request);
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(text);
  };
  const server = await listen(answer, host, metrics_port, { token, ingress: [] });
  log.info('answering Prometheus', { url: `${urlOf(server)}/metrics` });
  return server;
}

/** Undefined where the token is the right one. */
function refusalOf(
  { headers, socket }: IncomingMessage,
  token: string,
  attempts: Attempts,
): Answer | undefined {
  const needed = {
    status: 401,
    text: 'Send the header Authorization: Bearer TOKEN.\n',
    headers: { 'www-authenticate': 'Bearer' },
  };
  const given = bearerOf(headers.authorization);
  if (given === undefined) return needed;
  const address = socket.remoteAddress ?? '';
  if (attempts.wait(address) > 0) return { status: 429, text: 'Too many wrong tokens.\n' };
  if (isEqual(given, token)) {
    attempts.succeeded(address);
    return undefined;
  }
  attempts.failed(address);
  return needed;
}

/** What a capture knows; not what only a service counts, which would be 0 here and mean nothing. */
const rendered = ({
  deadLetters,
  frames,
  reopened,
  lastGood,
  spooled,
  letGo,
  build,
  memory,
  processor,
  started,
}: Metrics) =>
  [deadLetters, frames, reopened, lastGood, spooled, letGo, build, memory, processor, started]
    .map((family) => family.render())
    .join('');
