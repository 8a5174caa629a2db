import type { HomeAssistant } from '../../../../scripts/home-assistant/home-assistant.ts';

/** A token of somebody who is no administrator, as the page would get it. */
export async function tokenOfAnOrdinaryUser(home: HomeAssistant, name: string): Promise<string> {
  const login = { username: name, password: 'ordinary-test' };
  const made = await home.bus.ask('config/auth/create', { name, group_ids: ['system-users'] });
  const { user } = made as { user: { id: string } };
  await home.bus.ask('config/auth_provider/homeassistant/create', { user_id: user.id, ...login });
  const client_id = `${home.url}/`;
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`${home.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Record<string, string>;
  };
  const flow = { client_id, handler: ['homeassistant', null], redirect_uri: client_id };
  const { flow_id = '' } = await post('/auth/login_flow', flow);
  const { result = '' } = await post(`/auth/login_flow/${flow_id}`, { client_id, ...login });
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: result, client_id });
  const response = await fetch(`${home.url}/auth/token`, { method: 'POST', body: form });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
