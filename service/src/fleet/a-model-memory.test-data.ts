import { ModelMemory } from './model-memory.ts';
import type { Kept } from './model-memory.ts';

interface Model extends Kept {
  isThere: boolean;
}

/** Models that are read again where they have left the memory. */
export interface RememberedModels {
  readonly memory: ModelMemory;
  readonly models: readonly Model[];
  /** A meter is heard; whether its model had to be read. */
  readonly hear: (meter: number) => boolean;
}

/**
 * @param bytes of each model
 * @param room models that there is room for
 */
export function rememberedModels(meters: number, bytes: number, room: number): RememberedModels {
  const memory = new ModelMemory(room * bytes);
  const models = Array.from({ length: meters }, (): Model => {
    const model = {
      ...{ bytes, used: false, heat: 0, heatAge: 0, isThere: false },
      release: () => {
        model.isThere = false;
      },
    };
    return model;
  });
  const hear = (meter: number): boolean => {
    const model = models[meter];
    if (model === undefined) throw new RangeError(`there are ${meters} meters, not ${meter}`);
    memory.ask(model);
    model.used = true;
    if (model.isThere) return false;
    model.isThere = true;
    memory.admit(model);
    return true;
  };
  return { memory, models, hear };
}
