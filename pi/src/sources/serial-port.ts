import { SerialPort } from 'serialport';
import type { LineSettings } from '../meter.ts';
import type { Port, Wire } from '../wire.ts';

/** A serial device, by a name that stays: /dev/serial/by-id/… or the udev rule's. */
export class SerialDevice implements Port {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async open(
    { baudRate, dataBits, parity, stopBits }: LineSettings,
    take: (bytes: Uint8Array) => void,
  ): Promise<Wire> {
    const port = new SerialPort({
      path: this.path,
      ...{ baudRate, dataBits, parity, stopBits },
      // two readers would get half of the bytes each
      lock: true,
      autoOpen: false,
    });
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    port.on('data', take);
    port.on('error', ({ message }) => {
      resolve(message);
    });
    port.on('close', (error: Error | null) => {
      resolve(error === null ? 'closed' : error.message);
    });
    await new Promise<void>((opened, failed) => {
      port.open((error) => {
        if (error === null) opened();
        else failed(error);
      });
    });
    return {
      closed,
      write: (bytes) => void port.write(Buffer.from(bytes)),
      close: () =>
        new Promise((done) => {
          if (!port.isOpen) done();
          else
            port.close(() => {
              done();
            });
        }),
    };
  }
}
