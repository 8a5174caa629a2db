import { execFileSync, spawnSync } from 'node:child_process';

/** Each must pass; the tests come last, so that the runner's summary ends the output. */
const STEPS = [
  ['prettier', '--check', '--log-level', 'warn', '.'],
  ['eslint', '.'],
  ['tsc', '-b'],
  ['npm', 'test'],
] as const;

const tree = (): string => execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });

const before = tree();
for (const [command, ...args] of STEPS) {
  process.stdout.write(`> ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
if (tree() !== before) {
  process.stderr.write(`The checks changed the tree:\n${tree()}`);
  process.exitCode = 1;
}
