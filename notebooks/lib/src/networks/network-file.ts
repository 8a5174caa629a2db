import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './json-file.ts';
import { CALENDAR, QUANTILES, RangeNetwork } from './range-network.ts';
import type { LayersArtifacts, TensorFlow } from './tensorflow.ts';

const TOPOLOGY = 'model.json';
const WEIGHTS = 'weights.bin';

/** Writes a network as a layers model of TensorFlow: `model.json` and `weights.bin` in a folder of its own. */
export async function writeNetwork(tf: TensorFlow, network: RangeNetwork, folder: string): Promise<void> {
  const kept: LayersArtifacts[] = [];
  await network.layersModel.save(
    tf.io.withSaveHandler((artifacts) => {
      kept.push(artifacts);
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  const [{ modelTopology, weightSpecs, weightData } = {}] = kept;
  if (!(weightData instanceof ArrayBuffer)) throw new TypeError('this TensorFlow gives its weights in parts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, WEIGHTS), new Uint8Array(weightData));
  const json = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js ${tf.version_core}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
    userDefinedMetadata: {
      inputs: `${CALENDAR.reduce((sum, count) => sum + count, 0)} of 0 or 1: hours 0 to 23, Monday to Sunday, December to February and so on`,
      outputs: `watts at the quantiles ${QUANTILES.join(' ')}`,
      season: network.season,
    },
  };
  writeFileSync(join(folder, TOPOLOGY), `${JSON.stringify(json)}\n`);
}

/**
 * Reads what writeNetwork has written.
 * @throws Error naming the file where it is not that
 */
export async function readNetwork(tf: TensorFlow, folder: string): Promise<RangeNetwork> {
  const file = join(folder, TOPOLOGY);
  const json = readJson(file, 'a network of an expected range');
  const modelTopology = at(json, 'modelTopology');
  const weightSpecs = at(at(at(json, 'weightsManifest'), '0'), 'weights');
  const season = at(at(json, 'userDefinedMetadata'), 'season');
  if (modelTopology === undefined || !Array.isArray(weightSpecs) || typeof season !== 'number')
    throw new Error(`${file} is no network of an expected range`);
  const weightData = Uint8Array.from(readFileSync(join(folder, WEIGHTS))).buffer;
  const layersModel = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  return new RangeNetwork(tf, layersModel, season);
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
