import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A file as the browser gets it. */
export interface WebFile {
  readonly type: string;
  readonly body: Buffer;
  /** Changes with the body. */
  readonly etag: string;
}

const FOLDER = join(import.meta.dirname, 'web');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of the page, by the name that the browser asks for: made when first asked for, then kept. */
export class WebFiles {
  #files: Promise<ReadonlyMap<string, WebFile>> | undefined;

  async get(name: string): Promise<WebFile | undefined> {
    this.#files ??= load();
    try {
      return (await this.#files).get(name);
    } catch (error) {
      // the next one who asks may fare better
      this.#files = undefined;
      throw error;
    }
  }

  /** Names and files, for who counts them. */
  async all(): Promise<ReadonlyMap<string, WebFile>> {
    this.#files ??= load();
    return this.#files;
  }
}

async function load(): Promise<ReadonlyMap<string, WebFile>> {
  const names = readdirSync(FOLDER);
  const modules = names.filter((name) => /^[\w-]+\.ts$/.test(name));
  const plain = names.filter((name) => Object.hasOwn(TYPES, extname(name)));
  const stripped = await strip(modules.map((name) => join(FOLDER, name)));
  const require = createRequire(import.meta.url);
  const uplot = join(require.resolve('uplot'), '..');
  const texts: [string, string | Buffer][] = [
    ...modules.map((name, i): [string, string] => [jsOf(name), imported(stripped[i] ?? '')]),
    ...plain.map((name): [string, Buffer] => [name, readFileSync(join(FOLDER, name))]),
    // a third of its ES module, which comes with comments and blanks; to be imported, it lacks only this line
    ['uplot.js', `${readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8')}\nexport default uPlot;\n`],
    ['uplot.css', readFileSync(join(uplot, 'uPlot.min.css'))],
  ];
  return new Map(texts.map(([name, text]) => [name, fileOf(name, Buffer.from(text))]));
}

/** Modules without their types. @throws Error where one cannot be read */
async function strip(files: readonly string[]): Promise<readonly string[]> {
  // what Node says of this way being new is of no use to who reads the log
  const worker = new Worker(new URL('type-stripper.ts', import.meta.url), {
    workerData: files,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [texts] = (await once(worker, 'message')) as [string[]];
  await worker.terminate();
  return texts;
}

const jsOf = (name: string): string => name.replace(/\.ts$/, '.js');

/** The text of a module with its imports as the browser finds them. */
const imported = (text: string): string =>
  text
    .replaceAll(/(\bfrom |\bimport\()'(\.\/[\w-]+)\.ts'/g, "$1'$2.js'")
    .replaceAll("from 'uplot'", "from './uplot.js'");

const fileOf = (name: string, body: Buffer): WebFile => ({
  type: TYPES[extname(name)] ?? 'application/octet-stream',
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});
