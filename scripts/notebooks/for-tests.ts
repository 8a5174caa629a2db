import { jupyterIsInstalled, missingJupyter } from './jupyter.ts';

/**
 * Why tests with Jupyter are skipped here; undefined where they run. Where REQUIRE_JUPYTER is set they run, install what
 * is missing, and fail when they cannot.
 */
export function withoutJupyter(): string | undefined {
  if (process.env.REQUIRE_JUPYTER !== undefined || jupyterIsInstalled()) return undefined;
  return missingJupyter() ?? 'Jupyter is not installed yet; npm run notebooks:run does it';
}
