import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';

/** A file as the browser gets it. */
export interface WebFile {
  readonly type: string;
  readonly body: Buffer;
  /** Changes with the body. */
  readonly etag: string;
}

const EXPORTED = Buffer.from('\nexport default uPlot;\n');
const LARGEST = 4_000_000;
const FOLDER = join(import.meta.dirname, '..', '..', 'web');
/** No test, and nothing that tests are made with. */
const MODULE = /(?:^|\/)[\w-]+\.ts$/;
const TYPES: Readonly<Record<string, string>> = {
  '': 'text/plain; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of the page, by the name that the browser asks for: made when first asked for, then kept. */
export class WebFiles {
  #plain: ReadonlyMap<string, WebFile> | undefined;
  #modules: Promise<ReadonlyMap<string, WebFile>> | undefined;

  /** @throws Error where the files of this program cannot be read */
  async get(name: string): Promise<WebFile | undefined> {
    // whoever asks for the first file will ask for the modules
    const modules = this.#load();
    return this.#files().get(name) ?? (await modules).get(name);
  }

  /** All of them, to be counted. */
  async all(): Promise<ReadonlyMap<string, WebFile>> {
    return new Map([...this.#files(), ...(await this.#load())]);
  }

  #files(): ReadonlyMap<string, WebFile> {
    this.#plain ??= plainFiles();
    return this.#plain;
  }

  #load(): Promise<ReadonlyMap<string, WebFile>> {
    this.#modules ??= modules(() => this.#files()).catch((error: unknown) => {
      // the next one who asks may fare better
      this.#modules = undefined;
      throw error;
    });
    // a file that is no module is answered without them
    this.#modules.catch(() => undefined);
    return this.#modules;
  }
}

function plainFiles(): ReadonlyMap<string, WebFile> {
  const uplot = join(createRequire(import.meta.url).resolve('uplot'), '..');
  const read = (...path: string[]): Buffer => readFileSync(join(...path));
  const own = readdirSync(FOLDER).filter(
    (name) => extname(name) !== '' && Object.hasOwn(TYPES, extname(name)),
  );
  return new Map([
    ...own.map((name): [string, WebFile] => [name, fileOf(name, read(FOLDER, name))]),
    // a third of its ES module, which comes with comments and blanks; to be imported, it lacks only this line
    ['uplot.js', fileOf('uplot.js', Buffer.concat([read(uplot, 'uPlot.iife.min.js'), EXPORTED]))],
    ['uplot.css', fileOf('uplot.css', read(uplot, 'uPlot.min.css'))],
  ]);
}

/** @param others the files that are none, which the version is of as well */
async function modules(others: () => ReadonlyMap<string, WebFile>): Promise<ReadonlyMap<string, WebFile>> {
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) =>
    MODULE.test(path),
  );
  const stripped = await strip(paths.map((path) => join(FOLDER, path)));
  const made = paths.map((path, i): [string, WebFile] => {
    const name = basename(path, '.ts') + '.js';
    return [name, fileOf(name, Buffer.from(imported(stripped[i] ?? '')))];
  });
  const all = [...others(), ...made].map(([name, { etag }]) => `${name} ${etag}`);
  // a page that is left open over an update sees by it that it is of another version
  const version = createHash('sha256').update(all.join()).digest('hex');
  return new Map([...made, ['version', fileOf('version', Buffer.from(version))]]);
}

/** Modules without their types. @throws Error where one cannot be read */
async function strip(files: readonly string[]): Promise<readonly string[]> {
  const stripper = join(import.meta.dirname, 'type-stripper.ts');
  // what Node says of this way being new is of no use to who reads the log
  const args = ['--disable-warning=ExperimentalWarning', stripper, ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: LARGEST });
  return JSON.parse(stdout) as string[];
}

/** The text of a module with its imports as the browser finds them: all in one place, whatever folder they are in here. */
const imported = (text: string): string =>
  text
    .replaceAll(/(\bfrom |\bimport\()'\.[\w./-]*\/([\w-]+)\.ts'/g, "$1'./$2.js'")
    .replaceAll("from 'uplot'", "from './uplot.js'");

const fileOf = (name: string, body: Buffer): WebFile => ({
  type: TYPES[extname(name)] ?? 'application/octet-stream',
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});
