/**
 * What is used of TensorFlow.js, 4.22. The caller passes it in, so that this package depends on none: cells bring
 * `@tensorflow/tfjs` with the wasm backend, tests the parts of it that the root has anyway.
 * Where TensorFlow takes more than tensors it is `unknown` here: only so its own types fit.
 */
export interface TensorFlow {
  tensor1d(values: number[]): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  sub(a: unknown, b: unknown): Tensor;
  mul(a: unknown, b: unknown): Tensor;
  maximum(a: unknown, b: unknown): Tensor;
  mean(a: unknown): Tensor;
  input(args: { readonly shape: number[] }): SymbolicTensor;
  model(args: {
    readonly inputs: SymbolicTensor | SymbolicTensor[];
    readonly outputs: SymbolicTensor | SymbolicTensor[];
  }): LayersModel;
  loadLayersModel(source: string | object): Promise<LayersModel>;
  getBackend(): string;
  readonly version_core: string;
  readonly layers: {
    dense(args: DenseArgs): Layer;
    concatenate(args?: { readonly name: string }): Layer;
  };
  readonly train: { adam(learningRate: number): object };
  readonly io: {
    withSaveHandler(keep: (artifacts: LayersArtifacts) => Promise<Saved>): object;
    fromMemory(artifacts: object): object;
  };
}

export interface Tensor {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

export interface SymbolicTensor {
  readonly name: string;
}

export interface DenseArgs {
  readonly name: string;
  readonly units: number;
  readonly activation?: 'relu' | 'softplus';
  readonly trainable?: boolean;
}

export interface Layer {
  apply(input: Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[]): unknown;
  setWeights(weights: Tensor[]): void;
}

export interface LayersModel {
  compile(args: { readonly optimizer: unknown; readonly loss: unknown }): void;
  trainOnBatch(x: unknown, y: unknown): Promise<number | number[]>;
  predict(x: Tensor | Tensor[]): Tensor | Tensor[];
  save(handler: object): Promise<unknown>;
  dispose(): unknown;
}

/** A model as TensorFlow.js hands it over to be kept. */
export interface LayersArtifacts {
  readonly modelTopology?: unknown;
  readonly weightSpecs?: unknown;
  readonly weightData?: unknown;
}

export interface Saved {
  readonly modelArtifactsInfo: { readonly dateSaved: Date; readonly modelTopologyType: 'JSON' };
}
