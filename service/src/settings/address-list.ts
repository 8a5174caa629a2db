import { BlockList, isIP } from 'node:net';

const BITS = /^[1-9]\d{0,2}$/;

interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** All of them: one address. */
  readonly bits: number;
}

/** True for an IP address, and for a network of them such as 172.30.32.0/23. */
export const isAddressOrNetwork = (text: string): boolean => networkIn(text) !== undefined;

/** IP addresses and networks of them. All 128 bits of an IPv6 address count; IPv4 is the same where it comes as IPv6. */
export class AddressList {
  readonly #list = new BlockList();

  /** @param entries as isAddressOrNetwork takes them; what it does not take stands for nobody */
  constructor(entries: readonly string[]) {
    for (const { address, bits, family } of entries.flatMap((entry) => networkIn(entry) ?? []))
      this.#list.addSubnet(address, bits, family);
  }

  /** @param address of a socket, also with the zone that a link of its own has */
  has(address: string): boolean {
    const [bare = ''] = address.split('%', 1);
    const version = isIP(bare);
    return version !== 0 && this.#list.check(bare, version === 4 ? 'ipv4' : 'ipv6');
  }
}

function networkIn(text: string): Network | undefined {
  const [address = '', told, ...rest] = text.split('/');
  const version = isIP(address);
  // a zone is the name of an interface here; of all addresses there is no list
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = told === undefined ? most : BITS.test(told) ? Number(told) : Infinity;
  return bits > most ? undefined : { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
