import { join } from 'node:path';

/** Where a part of a call's recording lies: one folder a day (UTC), so that retention can drop whole folders. */
export function recordingPath(root: string, callId: string, part: number, startedAt: number): string {
  const day = new Date(startedAt).toISOString().slice(0, 10);
  return join(root, ...day.split('-'), `${callId}-${part}.wav`);
}
