import type { Settings } from '../settings/settings.ts';
import { eraseTraces, modelTraces, storedRows } from '../models/model-erasure.ts';
import type { ModelsInUse } from '../models/models.ts';
import type { Consumer } from '../ports.ts';
import type { Transport } from '../transport.ts';

/** What a running service did about a meter that is to be forgotten. */
export interface Forgotten {
  /** Rows deleted, by table; null where every process on Kafka does it when it comes to read of it. */
  readonly rows: Readonly<Record<string, number>> | null;
  /** Model files deleted. */
  readonly files: readonly string[];
}

export type Forget = (meter: string) => Promise<Forgotten>;

/** Forgets meters while the service runs: rows, what is remembered of it in memory, and its model files. */
export const forgetterOf =
  (
    { model, model_store }: Settings,
    transport: Transport,
    consumer: Consumer,
    models: Pick<ModelsInUse, 'letGo'>,
  ): Forget =>
  async (meter) => {
    const rows = await transport.forget(meter, () => {
      consumer.restore([meter], []);
    });
    const traces = modelTraces(model ?? null, meter);
    eraseTraces(traces, meter);
    storedRows(model_store, meter, true);
    models.letGo(meter);
    return { rows, files: traces.files };
  };
