import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classpathOf } from '../../kafka/classpath.ts';
import type { Taken } from './bare.ts';

const PEER = fileURLToPath(new URL('../../../test/peers/streams', import.meta.url));
const CLASSES = join(PEER, 'target', 'classes');

/** Compiles the peer. */
export function buildStreams(): void {
  const { status, stdout, stderr } = spawnSync('mvn', ['-q', '-B', '-f', join(PEER, 'pom.xml'), 'compile'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the Kafka Streams peer could not be built:\n${stdout}${stderr}`);
}

/** The same job as a Kafka Streams application with exactly_once_v2 in its own Java process. */
export async function kafkaStreams(
  broker: string,
  input: string,
  output: string,
  id: string,
  count: number,
): Promise<Taken> {
  const state = mkdtempSync(join(tmpdir(), 'lefton-streams-'));
  const given = {
    '--brokers': broker,
    '--input': input,
    '--output': output,
    '--application-id': id,
    '--expect': String(count),
    // more gain nothing on two cores, and would be given their share in the middle of the run
    '--threads': '1',
    '--state': state,
  };
  const java = [
    '-Xmx1g',
    '-XX:+UseParallelGC',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    ...['-cp', [CLASSES, classpathOf(join(PEER, 'pom.xml'))].join(delimiter)],
    'lefton.peer.Main',
    ...Object.entries(given).flat(),
  ];
  const child = spawn('java', java, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  rmSync(state, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the Kafka Streams peer ended with ${code}`);
  return JSON.parse(out) as Taken;
}
