import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { aFolder } from '../a-capture.test-data.ts';
import { serialDevices } from './serial-devices.ts';

it('serial devices are named as they stay, and where no such name is there as the kernel has them', (t) => {
  const dev = aFolder(t);
  assert.deepEqual(serialDevices(dev), []);
  for (const name of ['ttyUSB0', 'ttyS0', 'tty1', 'ttyACM3', 'lefton-meter', 'null'])
    writeFileSync(join(dev, name), '');
  assert.deepEqual(
    serialDevices(dev),
    ['lefton-meter', 'ttyACM3', 'ttyUSB0'].map((name) => join(dev, name)),
  );
  const byId = join(dev, 'serial', 'by-id');
  mkdirSync(byId, { recursive: true });
  writeFileSync(join(byId, 'usb-FTDI_FT232R-if00-port0'), '');
  assert.deepEqual(serialDevices(dev), [join(byId, 'usb-FTDI_FT232R-if00-port0')]);
});
