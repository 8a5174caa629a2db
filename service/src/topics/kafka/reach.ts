/** What a way to the brokers that fails says of the settings; any other says nothing of them. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /verify the first certificate|self-signed|unable to get (local )?issuer/i,
    'a certificate that can be trusted: kafka_ca names the authority that has signed it',
  ],
  [
    /does not match certificate|altnames/i,
    'a certificate for the host that kafka_brokers, or what a broker calls itself, names',
  ],
  [
    /certificate has expired|not yet valid/i,
    'a certificate that is valid today, by the clock of this machine',
  ],
  [
    /alert (bad certificate|certificate|unknown ca|handshake)/i,
    'the broker to accept our certificate: kafka_cert and kafka_key',
  ],
  [
    /before secure TLS connection|wrong version number|packet length too long/i,
    'brokers that speak TLS at this address; without, leave kafka_tls and kafka_ca out',
  ],
  [
    /^Closed connection$/,
    'the brokers to answer; one that hangs up at once wants TLS (kafka_tls) or a login (kafka_username)',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of the broker to be known here'],
];

/** What is expected where the brokers could not be reached, with the settings that may be wrong. */
export const expectedOfBrokers = (found: string): string =>
  HINTS.find(([pattern]) => pattern.test(found))?.[1] ?? 'the brokers to answer';
