import { open } from 'node:fs/promises';
import type { Ms } from '../../../base/index.js';
import type { Recording } from '../channel/index.js';
import { recordingPath, sessionOptions, startRecording, stopRecordings } from '../session/recording.js';
import type { App, AppContext } from './app.js';
import { byTerminator } from './playback.js';
import { leadingVars, splitArgs, toInt } from './split.js';

/** `path [+limit_seconds] [{name=value}]`: both sides, until stopped or hung up. */
export const recordSession: App = async ({ server, session, data }) => {
  const [path = '', ...rest] = splitArgs(data, 3);
  if (path === '') return;
  const limit = toInt(rest.find((r) => r.startsWith('+'))?.slice(1), 0);
  const { vars } = leadingVars(rest.find((r) => r.startsWith('{')) ?? '');
  await startRecording(server, session, recordingPath(server, session, path), sessionOptions(session, vars, limit > 0 ? limit * 1000 : undefined));
};

export const stopRecordSession: App = async ({ server, session, data }) => {
  const path = data.trim();
  await stopRecordings(session, path.toLowerCase() === 'all' ? 'all' : recordingPath(server, session, path));
};

const SILENCE_SECONDS = 3;

/** `path [limit_seconds [threshold [silence_seconds]]]`: what the caller says, until a digit, the limit or silence. */
export const record: App = async (context) => {
  const { server, session, frame, data } = context;
  const [name = '', limit, threshold, silence] = splitArgs(data, 4);
  if (name === '') return;
  const onDigit = byTerminator(context);
  session.variables.set('silence_hits_exhausted', 'false');
  const seconds = toInt(limit?.replace('+', ''), 0);
  const path = recordingPath(server, session, name);
  const recording = await startRecording(server, session, path, { only: 'in', ...(seconds > 0 ? { maxMs: seconds * 1000 } : {}) });
  if (!recording) return session.hangUp('DESTINATION_OUT_OF_ORDER');
  const quiet = toInt(threshold, 0);
  const end = await frame.wait<'ended' | 'failed' | 'digit' | 'silence'>((finish) => {
    void recording.ended.then((result) => finish('error' in result ? 'failed' : 'ended'));
    frame.takeDigits((digit) => {
      if (onDigit(digit)) finish('digit');
    });
    return quiet > 0 ? listenForSilence(context, recording, quiet, (toInt(silence, 0) || SILENCE_SECONDS) * 1000, () => finish('silence')) : undefined;
  });
  if (end === 'silence') session.variables.set('silence_hits_exhausted', 'true');
  if (end === 'failed') return session.hangUp('DESTINATION_OUT_OF_ORDER');
  if (end !== 'ended') await recording.stop().catch((error: unknown) => server.log.error({ uuid: session.uuid, path, err: error }, 'recording could not be completed'));
  await recording.ended;
};

const LOOK_EVERY: Ms = 500;
const HEADER_BYTES = 44;

/** Looks at what was written: as long as the mean level stays below `threshold`, silence lasts. @returns what ends it */
function listenForSilence({ server }: AppContext, recording: Recording, threshold: number, longestMs: Ms, silent: () => void): () => void {
  let cancel = (): void => undefined;
  let stopped = false;
  let read = HEADER_BYTES;
  let quietMs = 0;
  const look = async (): Promise<void> => {
    const { bytes, mean } = await tail(recording.path, read);
    if (stopped) return;
    read += bytes;
    if (bytes > 0) quietMs = mean < threshold ? quietMs + bytes / 16 : 0;
    if (quietMs >= longestMs) return silent();
    again();
  };
  const again = (): void => {
    cancel = server.timers.after(LOOK_EVERY, () => {
      look().catch((error: unknown) => server.log.warn({ path: recording.path, err: error }, 'silence cannot be told in this recording'));
    });
  };
  again();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Mean absolute level of the 16 bit samples from `from` on. */
async function tail(path: string, from: number): Promise<{ readonly bytes: number; readonly mean: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const data = Buffer.alloc(Math.max(0, Math.min(size - from, 65_536)) & ~1);
    const { bytesRead } = await file.read(data, 0, data.length, from);
    let sum = 0;
    for (let at = 0; at + 1 < bytesRead; at += 2) sum += Math.abs(data.readInt16LE(at));
    return { bytes: bytesRead & ~1, mean: bytesRead < 2 ? 0 : (sum * 2) / bytesRead };
  } finally {
    await file.close();
  }
}
