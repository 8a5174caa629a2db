/** The number after `--port`; undefined without one. */
export function portOption(argv: readonly string[]): number | undefined {
  const port = Number(argv[argv.indexOf('--port') + 1] ?? NaN);
  return Number.isInteger(port) ? port : undefined;
}

/** Stops what runs in the foreground on Ctrl-C, and with its parent: a shell that went away leaves nobody to stop it. */
export function stopsWithParent(stop: () => Promise<void>): void {
  const end = (): void => {
    void stop().then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1_000);
}
