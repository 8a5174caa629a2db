import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressList, isAddressOrNetwork } from './address-list.ts';

describe('a list of addresses', () => {
  for (const [entry, address, has] of [
    ['172.30.32.2', '172.30.32.2', true],
    ['172.30.32.2', '::ffff:172.30.32.2', true],
    ['172.30.32.2', '::ffff:ac1e:2002', true],
    ['172.30.32.2', '172.30.32.3', false],
    ['::ffff:172.30.32.2', '172.30.32.2', true],
    ['172.30.32.0/23', '172.30.33.7', true],
    ['172.30.32.2/23', '::ffff:172.30.33.7', true],
    ['172.30.32.0/23', '172.30.34.7', false],
    ['fd00::5', 'FD00:0:0:0::0:5', true],
    ['fd00::5', 'fd00::6', false],
    ['fd00::5', 'fd00::5:0:0:5', false],
    ['fd00::/64', 'fd00::6', true],
    ['fd00::/64', 'fd00:0:0:1::6', false],
    ['fe80::5', 'fe80::5%eth0', true],
    ['fe80::5', 'fe80::6%eth0', false],
    ['fd00::/64', '172.30.32.2', false],
    ['172.30.32.2', '', false],
  ] as const) {
    it(`with ${entry} alone ${has ? 'has' : 'does not have'} ${JSON.stringify(address)}`, () => {
      assert.equal(new AddressList([entry]).has(address), has);
      assert.equal(new AddressList(['10.0.0.1', entry, 'fd77::1']).has(address), has);
    });
  }

  it('takes addresses and networks, and nothing else', () => {
    for (const entry of ['10.0.0.1', '10.0.0.1/32', '10.0.0.0/8', '::1', '::1/128', 'fd00::/7'])
      assert.equal(isAddressOrNetwork(entry), true, entry);
    for (const entry of [
      '',
      'homeassistant.local',
      '172.30.32',
      '172.30.32.0/33',
      '172.30.32.0/0',
      '172.30.32.0/023',
      '172.30.32.0/',
      '172.30.32.0/23/1',
      '172.30.32.0/-1',
      '172.30.32.2:80',
      '[::1]',
      '::/0',
      'fd00::/129',
      'fe80::5%eth0',
    ])
      assert.equal(isAddressOrNetwork(entry), false, entry);
  });

  it('is empty where none was told', () => {
    assert.equal(new AddressList([]).has('127.0.0.1'), false);
  });
});
