import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { codeCells, notebookFiles } from '../scripts/notebooks/notebook.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['core', 'history', 'service', 'pi', 'notebooks/lib'];
/** What cells of notebooks call: the compiler there must be able to name the type of whatever a cell declares. */
const NAMED_IN_CELLS = /^(?:core|history|notebooks\/lib)\//;
/** What Node calls by its name. */
const OF_NODE = ['globalSetup', 'globalTeardown'];

const texts = new Map(
  globSync([...PACKAGES.map((name) => `${name}/src/**/*.ts`), 'scripts/**/*.ts', 'test/**/*.ts'], {
    cwd: root,
  }).map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')]),
);
const cells = notebookFiles().flatMap(codeCells).join('\n');
const wordsOf = (text: string): Set<string> => new Set(text.match(/[\w$]+/g));
const inCells = wordsOf(cells);
const statementsOf = (path: string): readonly ts.Statement[] =>
  ts.createSourceFile(path, texts.get(path) ?? '', ts.ScriptTarget.ES2023).statements;
/** What a file only hands on it does not use. */
const words = new Map(
  [...texts].map(([path, text]) => [
    path,
    wordsOf(
      statementsOf(path)
        .filter((statement) => !ts.isExportDeclaration(statement))
        .map(({ pos, end }) => text.slice(pos, end))
        .join(''),
    ),
  ]),
);

const isNamed = (
  statement: ts.Statement,
): statement is
  ts.FunctionDeclaration | ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
  ts.isFunctionDeclaration(statement) ||
  ts.isClassDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement);

/** The names that statements of a file export: what it declares, and what it hands on from other files. */
function exportsOf(path: string): { own: string[]; handedOn: string[] } {
  const isFree = (statement: ts.Statement): boolean =>
    NAMED_IN_CELLS.test(path) &&
    (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement));
  const own: string[] = [];
  const handedOn: string[] = [];
  for (const statement of statementsOf(path)) {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause: clause } = statement;
      if (clause !== undefined && ts.isNamedExports(clause))
        handedOn.push(...clause.elements.map(({ name }) => name.text));
      continue;
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported !== true || isFree(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations)
        if (ts.isIdentifier(name)) own.push(name.text);
    } else if (isNamed(statement) && statement.name !== undefined) own.push(statement.name.text);
  }
  return { own, handedOn };
}

test('what a source exports is used by another file', () => {
  const unused = [...texts.keys()]
    .filter((path) => !/\.test(?:-data)?\.ts$/.test(path))
    .flatMap((path) =>
      exportsOf(path)
        .own.filter((name) => !OF_NODE.includes(name) && !inCells.has(name))
        .filter((name) => ![...words].some(([other, has]) => other !== path && has.has(name)))
        .map((name) => `${path}: ${name}`),
    );
  assert.deepEqual(unused, []);
});

test('what a package hands on is used outside of it', () => {
  const unused = PACKAGES.filter((name) => texts.has(`${name}/src/index.ts`)).flatMap((name) =>
    exportsOf(`${name}/src/index.ts`)
      .handedOn.filter((each) => !inCells.has(each))
      .filter((each) => ![...words].some(([path, has]) => !path.startsWith(`${name}/`) && has.has(each)))
      .map((each) => `${name}: ${each}`),
  );
  assert.deepEqual(unused, []);
});
