import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Operation } from './operation.ts';
import { methodNotAllowed } from '../problem.ts';

/** Operations of one noun, by the names under which they are answered. */
export type Operations = Readonly<Record<string, Operation>>;

/** What answers an operation; of several, each but the last reads the body. */
type Handler = RequestHandler | readonly RequestHandler[];

/** Operations with the router that answers them. */
export interface Endpoints {
  readonly operations: readonly Operation[];
  readonly router: Router;
}

/** Each operation answered at its path by the handler of its name; any other method there is refused. */
export function endpointsOf<Of extends Operations>(
  operations: Of,
  handlers: { readonly [Name in keyof Of]: Handler },
): Endpoints {
  const router = Router();
  const byPath = Map.groupBy(Object.entries(operations), ([, { path }]) => path);
  for (const [path, there] of byPath) {
    const route = router.route(path);
    for (const [name, { method }] of there) route[method](...[handlers[name] ?? []].flat());
    route.all(methodNotAllowed(...there.map(([, { method }]) => method.toUpperCase())));
  }
  return { operations: Object.values(operations), router };
}
