import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { until } from '../a-service.test-data.ts';
import { exchange, knock } from './exchange.ts';

const { signal } = new AbortController();
const asked = { method: 'POST', headers: {}, body: '{}' } as const;
const skip = spawnSync('openssl', ['version']).status !== 0 && 'no openssl here';

/** A server with a certificate of its own making, for 127.0.0.1. `/hang` is never answered. */
async function aTlsServer(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const certificate = '-x509 -days 2 -subj /CN=lefton-test -addext subjectAltName=IP:127.0.0.1 -nodes';
  const made = `req ${certificate} -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -keyout ${key} -out ${cert}`;
  assert.equal(spawnSync('openssl', made.split(' ')).status, 0);
  const texts = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  let connections = 0;
  let requests = 0;
  const server = createServer(texts, ({ url }, response) => {
    requests++;
    if (url !== '/hang') response.end('{}');
  });
  server.on('secureConnection', () => connections++);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const url = (path: string): URL => new URL(`https://127.0.0.1:${port}${path}`);
  return { url, cert: texts.cert, count: () => ({ connections, requests }) };
}

describe('over TLS', { skip }, () => {
  it('nothing is sent to a server whose certificate nobody vouches for', async (t) => {
    const { url, count } = await aTlsServer(t);
    const expected = { message: 'DEPTH_ZERO_SELF_SIGNED_CERT', sent: false };
    await assert.rejects(exchange(url('/'), asked, 5_000, signal), expected);
    await assert.rejects(knock(url('/'), 5_000, signal), expected);
    assert.equal(count().requests, 0);
  });

  it('one that is vouched for is asked, and is in doubt only once there was a connection', async (t) => {
    const { url, cert, count } = await aTlsServer(t);
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, cert]);
    t.after(() => {
      setDefaultCACertificates(before);
    });
    assert.deepEqual((await exchange(url('/'), asked, 5_000, signal)).json, {});
    await assert.rejects(exchange(url('/hang'), asked, 1_000, signal), {
      message: 'none in time',
      sent: true,
    });
    await knock(url('/'), 5_000, signal);
    await until('the knock has come', () => count().connections === 3);
    assert.equal(count().requests, 2);
  });
});
