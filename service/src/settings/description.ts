import { z } from 'zod';
import { aboutOf } from './about.ts';

/** A setting for people to read of, in `--help` and in docs/settings.md. */
interface Description {
  readonly does: string;
  /** What it takes, with its unit. */
  readonly takes: string;
  /** Values to choose from; none where it is not a choice. */
  readonly choices: readonly string[];
  readonly unit: string | undefined;
  /** What holds where it is not set; undefined: nothing. */
  readonly usual: string | undefined;
  /** What stands for its value in `--help`; undefined: it is on where it is named. */
  readonly value: string | undefined;
}

/** What JSON Schema has of a field, as far as people are told of it. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** What people are told of a setting: what its schema says, and what stands beside it. */
export function descriptionOf(field: z.ZodType): Description {
  const { does, unit, value, usual, takes } = aboutOf(field);
  const shape = z.toJSONSchema(given(field), { io: 'output', unrepresentable: 'any' }) as Shape;
  const { enum: choices = [] } = shape;
  return {
    ...{ does, choices, unit },
    takes: takes ?? taken(shape, unit, value),
    usual: usual ?? written(field instanceof z.ZodDefault ? field.def.defaultValue : undefined),
    value:
      shape.type === 'boolean'
        ? undefined
        : (value ?? (isNumber(shape) ? 'n' : isText(shape) ? 'text' : 'json')),
  };
}

/** What is taken where something is given. */
const given = (field: z.core.$ZodType): z.core.$ZodType =>
  field instanceof z.ZodDefault || field instanceof z.ZodNullable ? given(field.unwrap()) : field;

const isNumber = ({ type }: Shape): boolean => type === 'number' || type === 'integer';
const isText = ({ type }: Shape): boolean => type === 'string';

function taken(shape: Shape, unit: string | undefined, value: string | undefined): string {
  if (shape.type === 'boolean') return '`true`, `false`';
  if (shape.enum !== undefined) return shape.enum.map((each) => `\`${each}\``).join(', ');
  if (shape.format === 'uri') return 'http(s) address';
  if (!isNumber(shape)) return value ?? 'text';
  const kind = shape.type === 'integer' ? 'whole number' : 'number';
  return [kind, boundsOf(shape), unit].filter((part) => part !== undefined).join(', ');
}

function boundsOf({ minimum, exclusiveMinimum, maximum }: Shape): string | undefined {
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined) return most === undefined ? `at least ${minimum}` : `${minimum} to ${most}`;
  return exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`;
}

/** Of a value that says something: what is off or empty does not. */
const written = (value: unknown): string | undefined =>
  typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
