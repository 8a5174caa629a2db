/** How a server is to be started. */
export interface HomeSettings {
  /** 0: a free one. */
  readonly port: number;
  readonly language: string;
  /** Where media players fetch sound; undefined: at the server. */
  readonly internalUrl: string | undefined;
  /** False: the player takes everything and can play nothing. */
  readonly decodes: boolean;
  /** How often the player is asked how it stands, s; Home Assistant's own is 10. */
  readonly pollS: number;
  /** Users of the MQTT broker, of whom the first is Home Assistant's; none: anybody is let in. */
  readonly mqttUsers: Readonly<Record<string, string>>;
  /** HOST:PORT and token of the Supervisor that it runs under; undefined: under none. */
  readonly supervisor: { readonly address: string; readonly token: string } | undefined;
  readonly say: (line: string) => void;
}

/** A server for tests. */
export const usualHome: HomeSettings = {
  port: 0,
  language: 'en',
  internalUrl: undefined,
  decodes: true,
  pollS: 1,
  mqttUsers: {},
  supervisor: undefined,
  say: () => undefined,
};
