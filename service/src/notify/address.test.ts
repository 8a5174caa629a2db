import type { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Address } from './address.ts';

const SECRET_URL = 'https://us%40er:pa%3Ass@hooks.example.com:8443/in/T0pSecret/?key=qu%C3%A9ry#part';

it('an address tells its origin, and asks below its path', () => {
  const address = new Address(SECRET_URL, [], 'URL');
  assert.equal(address.origin, 'https://hooks.example.com:8443');
  assert.equal(address.at().href, 'https://hooks.example.com:8443/in/T0pSecret/?key=qu%C3%A9ry');
  assert.equal(address.at('/v1/x?y=1').href, 'https://hooks.example.com:8443/in/T0pSecret/v1/x?y=1');
  assert.equal(new Address('http://host', [], 'URL').at('/').href, 'http://host/');
  assert.equal(address.authorization, `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`);
  assert.equal(new Address('http://host', [], 'URL').authorization, undefined);
});

it('what is told of an address has no user, password, path or query in it', () => {
  const address = new Address(SECRET_URL, ['to/ken'], 'URL');
  const told = address.tellable(
    'no us@er, us%40er, pa:ss, pa%3Ass, T0pSecret, quéry, qu%C3%A9ry, to/ken, to%2Fken\n\u0000here',
  );
  assert.equal(told, 'no ***, ***, ***, ***, ***, ***, ***, ***, *** here');
  assert.equal(address.tellable('x'.repeat(100_000)).length, 200);
  // also where many of them would have hidden the next one's start from a cut before
  assert.doesNotMatch(address.tellable('T0pSecret'.repeat(1000)), /[^*]/);
});

it('an address that is none is refused without being repeated', () => {
  for (const url of ['', 'hooks.example.com/T0pSecret', 'ftp://host/T0pSecret', 'https://u:T0pSecret%@host'])
    assert.throws(
      () => new Address(url, [], 'URL of webhook'),
      (error: LeftOnError) => error.code === 'bad_url' && !error.message.includes('T0pSecret'),
    );
});
