import { z } from 'zod';
import type { Content, Operation } from './operation.ts';
import { SESSION_COOKIE } from '../access/session-cookie.ts';

type Json = Readonly<Record<string, unknown>>;

/** What was wrong with a request: RFC 9457. */
const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});

/** The OpenAPI 3.1 document of all operations. */
export function documentOf(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const methods = (paths[templateOf(operation.path)] ??= {});
    methods[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'LeftOn', version, description: 'Notices appliances that were left on.' },
    // a token is asked for only where one is set
    security: [{ token: [] }, { session: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
      responses: {
        problem: {
          description: 'What was wrong.',
          content: contentOf({ 'application/problem+json': { schema: problem } }, 'output'),
        },
      },
    },
  };
}

/** `/api/episodes/{id}/feedback` */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

function describe({ summary, open, params, query, headers, body, answers }: Operation): Json {
  const parameters = [
    ...parametersOf('path', params),
    ...parametersOf('query', query),
    ...parametersOf('header', headers),
  ];
  const responses = Object.entries(answers).map(([status, content]) => [
    status,
    { description: summary, content: contentOf(content, 'output') },
  ]);
  return {
    summary,
    ...(open === true ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, 'input') } }),
    responses: {
      ...Object.fromEntries(responses),
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

function parametersOf(place: 'path' | 'query' | 'header', fields: z.ZodObject | undefined): Json[] {
  if (fields === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(fields, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: place, required: required.includes(name), schema },
  }));
}

function contentOf(content: Content, io: 'input' | 'output'): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema, examples = [] }]) => {
      const named = examples.map((value, i) => [String(i + 1), { value }]);
      const shown = named.length === 0 ? {} : { examples: Object.fromEntries(named) as Json };
      return [type, { schema: schemaOf(schema, io), ...shown }];
    }),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io });
  // the dialect is that of OpenAPI 3.1 anyway
  delete described.$schema;
  return described;
}
