import { keepsHistory } from '../settings/settings.ts';
import type { Settings } from '../settings/settings.ts';
import { ModelStore } from '../fleet/model-store.ts';
import { StoredModels } from '../fleet/stored-models.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from './model-files.ts';
import type { ModelsInUse } from './models.ts';

/**
 * The models that the settings name: files, or the store of a fleet.
 * @throws LeftOnError when there is no such store
 */
export function modelsOf(
  settings: Settings,
  zone: string | null,
  log: Log,
  metrics: Metrics,
  now: () => number,
): ModelsInUse {
  const { model, model_store, model_memory_mb, cohort } = settings;
  if (model_store === null) {
    const otherVersion = keepsHistory(settings) ? 'keep' : 'refuse';
    return new ModelFiles(model ?? null, zone, log, metrics, now, otherVersion);
  }
  const fleet = { cohort, mostBytes: model_memory_mb * 2 ** 20 };
  return new StoredModels(new ModelStore(model_store), fleet, log, metrics, now);
}
