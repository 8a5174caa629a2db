import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { codeCells, notebookFiles } from '../scripts/notebooks/notebook.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What each package may import besides itself. */
const RULES = [
  { folder: 'core', ours: [], node: false },
  { folder: 'history', ours: ['@lefton/core'], node: true },
  { folder: 'service', ours: ['@lefton/core', '@lefton/history', '@lefton/pi'], node: true },
  { folder: 'pi', ours: ['@lefton/core'], node: true },
  { folder: 'notebooks/lib', ours: ['@lefton/core', '@lefton/history'], node: true },
] as const;
/** Folders of the service that know the ports and never each other. */
const ADAPTERS = ['entities', 'http', 'notify', 'sources', 'store', 'topics'].map(
  (name) => `service/src/${name}`,
);
/** The one file that knows the package of the Pi, and loads it when a meter is to be heard. */
const WIRES_CAPTURE = 'service/src/capture/capture.ts';
/** What the cells of notebooks may import. */
const OF_NOTEBOOKS: readonly string[] = [
  '@lefton/core',
  '@lefton/history',
  '@lefton/notebook-lib',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  'danfojs-node',
  'tslab',
];
const LONGEST_FILE = 220;
const NOT_OURS = ['.git', 'node_modules', 'coverage', 'state'];

const files = existsSync(join(root, '.git')) ? tracked() : walked('');
const sources = files.filter(
  (path) =>
    /^(?:(?:core|history|service|pi|notebooks\/lib)\/src|scripts)\/.*\.ts$/.test(path) &&
    !/\.test(?:-data)?\.ts$/.test(path),
);

/** Lengths of time have their names here; the browser does not load the core. */
const NAMES_TIME = ['core/src/time.ts', 'service/src/web/document/notation.ts'];

/** What is in git or could be put there, and is still on the disk. */
function tracked(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const paths = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0');
  return paths.filter((path) => path !== '' && existsSync(join(root, path)));
}

function walked(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : walked(path);
    return [path];
  });
}

/** The tree of docs/architecture.md: folders, and source files without `.ts`. */
function shownTree(): { folders: string[]; nouns: string[] } {
  const block = /^```tree\n(.*?)^```$/ms.exec(read('docs/architecture.md'))?.[1] ?? '';
  const folders: string[] = [];
  const nouns: string[] = [];
  for (const line of block.split('\n').filter((text) => text !== '')) {
    const [shown = ''] = line.trim().split(/ {2,}/);
    if (line.startsWith(' ')) nouns.push(...shown.split(' ').map((noun) => `${folders.at(-1) ?? ''}${noun}`));
    else folders.push(shown);
  }
  return { folders, nouns };
}

/** Paths, or names of packages, that a source imports; relative ones from the root. */
function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .map((name) => (name.startsWith('.') ? `/${normalize(join(dirname(path), name))}` : name));
}

const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** Everything in `a` that is not in `b`, sorted, once. */
const without = (a: readonly string[], b: readonly string[]): string[] =>
  [...new Set(a)].filter((value) => !b.includes(value)).sort();

test('docs/architecture.md shows the real tree', () => {
  const { folders, nouns } = shownTree();
  assert.equal(
    nouns.length,
    new Set(nouns).size,
    `shown twice: ${String(nouns.filter((n, i) => nouns.indexOf(n) < i))}`,
  );
  const real = sources.map((path) => path.slice(0, -'.ts'.length));
  const top = files.filter((path) => path.includes('/')).map((path) => path.replace(/\/.*/, '/'));
  const shownTop = folders.map((path) => path.replace(/\/.*/, '/'));
  assert.deepEqual(
    {
      'files that the page does not show': without(real, nouns),
      'files that only the page shows': without(nouns, real),
      'folders that the page does not show': without(top, shownTop),
      'folders that only the page shows': without(shownTop, top),
    },
    {
      'files that the page does not show': [],
      'files that only the page shows': [],
      'folders that the page does not show': [],
      'folders that only the page shows': [],
    },
  );
});

for (const { folder, ours, node } of RULES) {
  test(`${folder} imports what it may, and no more`, () => {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: Record<string, string> };
    const declared = Object.keys(manifest.dependencies ?? {});
    const allowed: readonly string[] = [
      ...ours,
      ...declared.filter((name) => folder !== 'core' && !name.startsWith('@lefton/')),
    ];
    const may = (name: string): boolean => {
      if (name.startsWith('/')) return name.startsWith(`/${folder}/src/`);
      if (name.startsWith('node:')) return node;
      return allowed.includes(packageOf(name));
    };
    const own = sources.filter((path) => path.startsWith(`${folder}/`));
    assert.ok(own.length > 0);
    const foreign = own.flatMap((path) =>
      importsOf(path, read(path))
        .filter((name) => !may(name))
        .map((name) => `${path} imports ${name}`),
    );
    assert.deepEqual(foreign, []);
  });
}

test('notebooks import core, history, their lib, node: and what looks at tables and trains, only', () => {
  const foreign = notebookFiles().flatMap((path) =>
    codeCells(path).flatMap((cell) =>
      importsOf('notebooks/cell.ts', cell)
        .filter((name) => !name.startsWith('node:') && !OF_NOTEBOOKS.includes(name))
        .map((name) => `${basename(path)} imports ${name}`),
    ),
  );
  assert.deepEqual(foreign, []);
});

test('nothing imports @lefton/service, and @lefton/pi only where the service wires its capture', () => {
  const wrong = files
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      importsOf(path, read(path))
        .filter((name) => /^@lefton\/(?:pi|service)\b/.test(name))
        .map((name) => `${path} imports ${name}`),
    )
    .sort();
  assert.deepEqual([...new Set(wrong)], [`${WIRES_CAPTURE} imports @lefton/pi`]);
});

test('the package of the Pi is loaded only when a meter is to be heard', () => {
  const loads = ts
    .createSourceFile(WIRES_CAPTURE, read(WIRES_CAPTURE), ts.ScriptTarget.ES2023)
    .statements.filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier: from }) => ts.isStringLiteral(from) && from.text === '@lefton/pi');
  assert.deepEqual(
    loads.map(({ importClause }) => importClause?.phaseModifier),
    loads.map(() => ts.SyntaxKind.TypeKeyword),
  );
});

test('adapters of the service never import each other', () => {
  const wrong = ADAPTERS.flatMap((adapter) =>
    sources
      .filter((path) => path.startsWith(`${adapter}/`))
      .flatMap((path) =>
        importsOf(path, read(path))
          .filter((name) => ADAPTERS.some((other) => other !== adapter && name.startsWith(`/${other}/`)))
          .map((name) => `${path} imports ${name.slice(1)}`),
      ),
  );
  assert.deepEqual(wrong, []);
});

test(`no source file is longer than ${LONGEST_FILE} lines`, () => {
  const long = sources
    .map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > LONGEST_FILE);
  assert.deepEqual(long, []);
});

test('a second, a minute, an hour and a day have their names in one place', () => {
  const again = sources
    .filter((path) => !NAMES_TIME.includes(path))
    .filter((path) =>
      /^(?:export )?const (?:SECOND|MINUTE|HOUR|DAY)(?:_MS)? = (?:[\d_]{4,}|[\d ]+\*)/m.test(read(path)),
    );
  assert.deepEqual(again, []);
});

test('the files of the settings import each other in no circle', () => {
  const own = sources.filter((path) => path.startsWith('service/src/settings/'));
  const imported = new Map(
    own.map((path) => [path, importsOf(path, read(path)).map((name) => name.slice(1))]),
  );
  const reaches = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of imported.get(from) ?? []) if (!seen.has(next)) reaches(next, seen.add(next));
    return seen;
  };
  assert.deepEqual(
    own.filter((path) => reaches(path).has(path)),
    [],
  );
});
