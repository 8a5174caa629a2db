import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate with its key: the files, and one that holds both as a broker wants them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly both: string;
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
const ONE_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of a test's own. */
export class Authority {
  readonly #folder: string;
  readonly cert: string;
  readonly #key: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.cert = join(folder, 'ca.crt');
    this.#key = join(folder, 'ca.key');
    openssl(
      'req',
      '-x509',
      ...ONE_KEY,
      '-days',
      '2',
      '-subj',
      '/CN=test CA',
      '-keyout',
      this.#key,
      '-out',
      this.cert,
    );
  }

  /** Signs for somebody on this machine. */
  sign(name: string): Certificate {
    const file = (ending: string): string => join(this.#folder, `${name}.${ending}`);
    const [cert, key, both] = [file('crt'), file('key'), file('pem')];
    openssl('req', ...ONE_KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', file('csr'));
    writeFileSync(file('ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    const ca = ['-CA', this.cert, '-CAkey', this.#key, '-CAcreateserial'];
    openssl('x509', '-req', '-in', file('csr'), ...ca, '-days', '2', '-extfile', file('ext'), '-out', cert);
    writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'));
    return { cert, key, both };
  }
}
