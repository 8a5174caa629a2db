import { LeftOnError } from '@lefton/core';
import kafkajs from 'kafkajs';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultOf } from './fault.ts';

/** An error with a stack of its own. */
function made(where: string, what = 'no'): Error {
  const error = new Error(what);
  error.stack = `Error: ${what}\n    at Array.map (<anonymous>)\n    at ${where}\n    at x (file:///srv/lefton/y.ts:1:2)`;
  return error;
}

describe('a fault of the Kafka client', () => {
  it('that nobody knows is worth another attempt', () => {
    const fault = faultOf(new kafkajs.KafkaJSError('strange'), 'here');
    assert.deepEqual(
      [fault.code, fault.faultClass, fault.place, fault.found],
      ['kafka_unavailable', 'transient', 'here', 'strange'],
    );
  });

  it('is also a plain Error that the client throws', () => {
    const within = 'sendRequest (/srv/lefton/node_modules/kafkajs/src/broker/index.js:14:9)';
    assert.equal(faultOf(made(within, 'Broker not connected'), 'here').faultClass, 'transient');
    assert.equal(
      faultOf(made('/srv/lefton/node_modules/kafkajs/src/retry/index.js:26:5'), 'x').code,
      'kafka_unavailable',
    );
  });

  it('is also one of a socket', () => {
    assert.equal(
      faultOf(Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'here').faultClass,
      'transient',
    );
  });

  it('keeps what it means where it is wrapped', () => {
    const innermost = new kafkajs.KafkaJSProtocolError(
      Object.assign(new Error('not yours'), { type: 'TOPIC_AUTHORIZATION_FAILED' }),
    );
    const outer = new kafkajs.KafkaJSNumberOfRetriesExceeded(innermost, { retryCount: 5, retryTime: 1 });
    const fault = faultOf(outer, 'raw_power');
    assert.deepEqual([fault.code, fault.faultClass], ['kafka_denied', 'fatal']);
  });

  for (const type of ['UNSUPPORTED_SASL_MECHANISM', 'INVALID_SESSION_TIMEOUT'])
    it(`that no other attempt would mend ends the process: ${type}`, () => {
      const told = new kafkajs.KafkaJSProtocolError(Object.assign(new Error('no'), { type }));
      const fault = faultOf(told, 'brokers');
      assert.equal(fault.faultClass, 'fatal');
      assert.match(fault.expected, /^kafka_(mechanism|session_s) /);
    });

  it('of a way to the brokers names the settings that may be wrong', () => {
    for (const [found, setting] of [
      ['Connection error: unable to verify the first certificate; if the root CA', /kafka_ca/],
      ['Connection error: SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:..', /kafka_cert/],
      ['Connection error: socket disconnected before secure TLS connection was established', /kafka_tls/],
      ['Closed connection', /kafka_tls.*kafka_username/],
      ['connect ECONNREFUSED 127.0.0.1:9092', /^the brokers to answer$/],
    ] as const)
      assert.match(faultOf(new kafkajs.KafkaJSConnectionError(found), 'brokers').expected, setting);
  });

  it('is not what our own code throws', () => {
    const ours = made('fold (file:///srv/lefton/service/src/pipeline.ts:40:9)', 'a bug');
    assert.throws(() => faultOf(ours, 'here'), ours);
    const bug = new TypeError('a bug');
    assert.throws(() => faultOf(bug, 'here'), bug);
    assert.throws(() => faultOf('a text', 'here'));
  });

  it('passes one of ours on as it is', () => {
    const fault = new LeftOnError({ code: 'x', place: 'x', expected: 'a', found: 'b' });
    assert.equal(faultOf(fault, 'here'), fault);
  });
});
