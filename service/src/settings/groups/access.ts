import { z } from 'zod';
import { setting } from '../about.ts';
import { addressesField, listField, numberField } from '../fields.ts';

/** Programs send the token so; another one would never be right. */
const IN_A_HEADER = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Where the service is asked over HTTP, and by whom. */
export const accessFields = {
  host: setting(
    z.string().min(1).default('127.0.0.1'),
    'address to listen at; beyond this machine a token is needed',
    { value: 'address' },
  ),
  port: setting(numberField.pipe(z.int().min(0).max(65_535)).default(7420), 'port to listen at, 0 for any'),
  token: setting(
    z
      .string()
      .min(16, 'expected at least 16 characters')
      .regex(
        IN_A_HEADER,
        'expected what a header can carry: ASCII, without line breaks and blanks at its ends',
      )
      .nullable()
      .default(null),
    'who asks over HTTP must give it; a capture gives it to the service that it brings readings to',
    { takes: '16 characters or more', secret: true },
  ),
  allow_host: setting(
    listField.default([]),
    'further names that clients may use for this machine, by comma',
    {
      value: 'names',
      takes: 'names, by comma',
    },
  ),
  ingress_from: setting(
    addressesField.default([]),
    'of Home Assistant, whose people need no token: docs/page.md',
    { value: 'addresses', takes: 'IP addresses and networks, by comma' },
  ),
  metrics_port: setting(
    numberField.pipe(z.int().min(0).max(65_535)).nullable().default(null),
    'of a capture that runs alone, port to answer Prometheus at: /metrics',
    { usual: 'none' },
  ),
};
