import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Ms } from '../../../base/index.js';
import type { Recording, RecordOptions } from '../channel/index.js';
import { fire } from './fire.js';
import type { Server, Session } from './types.js';

/** A recording's name is absolute or lies under `sound_prefix`, else under the sounds folder. */
export const recordingPath = (server: Server, session: Session, name: string): string =>
  isAbsolute(name) ? name : join(session.variables.get('sound_prefix') ?? server.soundsDir, name);

/**
 * Starts a recording and reports its start and end; missing folders are made. A file that already is being recorded goes on.
 * @returns undefined when the folder cannot be made or the channel went meanwhile
 */
export async function startRecording(server: Server, session: Session, path: string, options: RecordOptions): Promise<Recording | undefined> {
  const running = findRecording(session, path);
  if (running) return running;
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    server.log.error({ uuid: session.uuid, path, err: error }, 'the folder of a recording cannot be made');
    session.variables.set('record_completion_cause', 'uri-failure');
    return undefined;
  }
  if (session.cause) return undefined;
  const recording = session.media.record(path, options);
  fire(server, session, 'RECORD_START', [['Record-File-Path', path]]);
  void recording.ended.then((end) => {
    if ('error' in end) {
      server.log.error({ uuid: session.uuid, path, err: end.error }, 'recording failed');
      session.variables.set('record_completion_cause', 'uri-failure');
    } else setResults(session, end.ms);
    fire(server, session, 'RECORD_STOP', [['Record-File-Path', path], ['Record-Completion-Cause', 'error' in end ? 'uri-failure' : 'success']]);
  });
  return recording;
}

export const findRecording = (session: Session, path: string): Recording | undefined => session.media.recordings().find((r) => r.path === path);

/** Stops one recording, or `all`. @returns false when there was none, or one could not be completed */
export async function stopRecordings(session: Session, path: string): Promise<boolean> {
  const chosen = session.media.recordings().filter((r) => path === 'all' || r.path === path);
  const ends = await Promise.allSettled(chosen.map((r) => r.stop()));
  await Promise.all(chosen.map((r) => r.ended));
  return chosen.length > 0 && ends.every((end) => end.status === 'fulfilled');
}

export function setResults({ variables }: Session, ms: Ms): void {
  variables.set('record_seconds', String(Math.floor(ms / 1000)));
  variables.set('record_ms', String(Math.round(ms)));
  variables.set('record_samples', String(Math.round(ms) * 8));
}

/** RECORD_STEREO and its kin, from the recording's own settings or the channel's. */
export function sessionOptions(session: Session, own: ReadonlyMap<string, string>, limitMs: Ms | undefined): RecordOptions {
  const wants = (name: string): boolean => {
    const value = [...own].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    return value === undefined ? session.variables.isTrue(name) : /^(?:true|yes|on|1|t)$/i.test(value);
  };
  const swap = wants('RECORD_STEREO_SWAP');
  const readOnly = wants('RECORD_READ_ONLY');
  const writeOnly = wants('RECORD_WRITE_ONLY');
  return {
    stereo: swap || wants('RECORD_STEREO'),
    swap,
    ...(readOnly !== writeOnly ? { only: readOnly ? 'in' : 'out' } : {}),
    ...(limitMs === undefined ? {} : { maxMs: limitMs }),
  };
}
