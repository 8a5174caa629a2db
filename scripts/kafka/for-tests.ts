import { Broker } from './broker.ts';
import { missingJava } from './java.ts';

let broker: Broker | undefined;

/** Before all tests: one broker for all files that want one, unless KAFKA_BROKERS names a cluster. */
export async function globalSetup(): Promise<void> {
  const { env } = process;
  if (env.KAFKA_BROKERS !== undefined || missingJava() !== undefined) return;
  broker = await Broker.start();
  env.KAFKA_BROKERS = broker.address;
}

export async function globalTeardown(): Promise<void> {
  await broker?.stop();
}
