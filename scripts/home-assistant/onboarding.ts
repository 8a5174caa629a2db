import { HomeSocket } from './socket.ts';

/** Who may log in on the page. */
export const OWNER = { username: 'anna', password: 'lefton-test' } as const;

async function answerOf(response: Response): Promise<Record<string, string>> {
  if (!response.ok) throw new Error(`onboarding: HTTP ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

/** Makes the owner of a fresh server, as its first page does; a long-lived access token. */
export async function onboard(url: string): Promise<string> {
  const client_id = `${url}/`;
  const user = { client_id, name: 'Anna', ...OWNER, language: 'en' };
  const { auth_code = '' } = await answerOf(
    await fetch(`${url}/api/onboarding/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user),
    }),
  );
  const { access_token = '' } = await answerOf(
    await fetch(`${url}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', code: auth_code, client_id }),
    }),
  );
  const socket = await HomeSocket.open(url, access_token, () => undefined);
  const token = await socket.ask('auth/long_lived_access_token', { client_name: 'LeftOn', lifespan: 365 });
  await socket.close();
  return String(token);
}
