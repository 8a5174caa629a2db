import { spawn } from 'node:child_process';
import type { CaptureLog, Pause } from '../capture-log.ts';

/** systemd is told this much more often than it asks for. */
const OFTEN = 3;
const USEC_PER_MS = 1_000;

/** What systemd gives a service of `Type=notify` to talk to it by: NOTIFY_SOCKET and WATCHDOG_USEC. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells systemd that the process is ready and, until aborted, that it lives. Node has no datagram sockets of this kind,
 * so `systemd-notify` sends them; the unit allows it with NotifyAccess=all. Without systemd it does nothing.
 */
export async function tellSystemd(
  { NOTIFY_SOCKET, WATCHDOG_USEC }: Environment,
  pause: Pause,
  log: CaptureLog,
  signal: AbortSignal,
): Promise<void> {
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return;
  const everyMs = Number(WATCHDOG_USEC ?? NaN) / USEC_PER_MS / OFTEN;
  await notify(NOTIFY_SOCKET, ['--ready'], log);
  if (!Number.isFinite(everyMs)) return;
  while (!signal.aborted) {
    await notify(NOTIFY_SOCKET, ['WATCHDOG=1'], log);
    await pause(everyMs, signal);
  }
}

function notify(socket: string, words: readonly string[], log: CaptureLog): Promise<void> {
  return new Promise((resolve) => {
    // in this process's name: the one that sends it is gone when systemd looks
    const child = spawn('systemd-notify', [`--pid=${process.pid}`, ...words], {
      stdio: 'ignore',
      env: { ...process.env, NOTIFY_SOCKET: socket },
    });
    child.once('error', ({ message }) => {
      log.warn('systemd cannot be told', { why: message });
      resolve();
    });
    child.once('exit', (code) => {
      if (code !== 0)
        log.warn('systemd cannot be told', { why: `systemd-notify ended with ${code ?? 'a signal'}` });
      resolve();
    });
  });
}
