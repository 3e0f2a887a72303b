import type { Ms } from '../../../base/index.js';
import { idleCpu } from '../session/idle.js';
import type { Server } from '../session/types.js';
import { uptime } from '../session/uptime.js';
import { VERSION } from '../session/version.js';

/** HEARTBEAT each `everyMs`, with the load drachtio-fsmrf shows of a media server. @returns what stops it */
export function startHeartbeat(server: Server, everyMs: Ms): () => void {
  let countedAt = performance.now();
  let counted = server.stats.total;
  const beat = (): void => {
    const now = performance.now();
    server.stats.perSecond = Math.round(((server.stats.total - counted) / Math.max(1, now - countedAt)) * 1000);
    countedAt = now;
    counted = server.stats.total;
    server.bus.fire('HEARTBEAT', { headers: () => headers(server, now - server.startedAt) });
  };
  const timer = setInterval(beat, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

const headers = ({ stats, sessions, maxSessions }: Server, upMs: Ms): (readonly [string, string])[] => [
  ['Event-Info', 'System Ready'],
  ['Up-Time', uptime(upMs)],
  ['FreeSWITCH-Version', VERSION],
  ['Uptime-msec', String(Math.round(upMs))],
  ['Session-Count', String(sessions.size)],
  ['Max-Sessions', String(maxSessions)],
  ['Session-Per-Sec', String(stats.perSecond)],
  ['Session-Per-Sec-Last', String(stats.perSecond)],
  ['Session-Per-Sec-Max', String(stats.perSecond)],
  ['Session-Per-Sec-FiveMin', String(stats.perSecond)],
  ['Session-Since-Startup', String(stats.total)],
  ['Session-Peak-Max', String(stats.peak)],
  ['Session-Peak-FiveMin', String(stats.peak)],
  ['Idle-CPU', idleCpu().toFixed(6)],
];
