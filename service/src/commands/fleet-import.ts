import { counted } from '@lefton/history';
import { say } from '../cli/command.ts';
import { modelsIn } from '../fleet/model-list.ts';
import { ModelWriter } from '../fleet/model-writer.ts';

/** Models written in one transaction. */
const AT_ONCE = 500;

interface ImportFlags {
  readonly store: string;
  readonly generation?: number;
  readonly cohort?: string;
  readonly json?: boolean;
}

/** `lefton fleet import`: puts models into a store; one that is none is told and left out. */
export async function importModels(
  path: string,
  { store: file, generation, cohort, json }: ImportFlags,
): Promise<number> {
  const store = new ModelWriter(file);
  const into = generation ?? store.rollout().stable;
  const [put, refused]: [string[], string[]] = [[], []];
  let waiting: (() => void)[] = [];
  const flush = (): void => {
    store.write(() => {
      for (const each of waiting) each();
    });
    waiting = [];
  };
  for await (const listed of modelsIn(path)) {
    if ('why' in listed) refused.push(listed.why);
    else {
      const { model } = listed;
      const name = cohort ?? model.meter;
      if (name === null) refused.push(`${path}: a model of any meter; say whom it stands for with --cohort`);
      else {
        put.push(name);
        waiting.push(() => {
          store.put(cohort === undefined ? 'meter' : 'cohort', name, into, model);
        });
      }
    }
    if (waiting.length >= AT_ONCE) flush();
  }
  flush();
  store.close();
  const models = counted(put.length, 'model');
  if (json === true) say(JSON.stringify({ generation: into, put: put.length, refused }));
  else {
    for (const why of refused) say(`Refused: ${why}`);
    say(`${models} put into ${file} as generation ${into}, ${refused.length} refused.`);
  }
  return refused.length === 0 ? 0 : 1;
}
