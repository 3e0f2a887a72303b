import type { Ms } from '../../../base/index.js';
import { channelHeaders } from '../events/channel-headers.js';
import type { Server, Session } from '../session/types.js';
import { FRAME_MS, type StartFork } from './arguments.js';
import { createForkAudio } from './audio.js';
import { parseMessage } from './messages.js';
import { openPipe, type Pipe } from './pipe.js';
import { playoutFiles } from './playout.js';
import type { Fork } from './types.js';

const PROTOCOL = 'audio.drachtio.org';
/** So much audio may wait for a slow far end. */
const BUFFER_MS: Ms = 2_000;
const CONNECT_MS: Ms = 5_000;
const CLOSE_MS: Ms = 2_000;

/** Starts one; `ended` is called once, when it is stopped or its session is hung up. A line that is lost leaves it standing, silent, as in FreeSWITCH. */
export function startFork(server: Server, session: Session, { name, url, mix, rateHz, metadata }: StartFork, ended: () => void): Fork {
  const log = { uuid: session.uuid, fork: name };
  const files = playoutFiles(session.uuid, server.log);
  let mode: 'on' | 'paused' | 'silent' | 'over' = 'on';
  const fire = (event: string, body?: string): void =>
    server.bus.fire('CUSTOM', {
      subclass: `mod_audio_fork::${event}`, uuid: session.uuid, ...(body === undefined ? {} : { body }),
      headers: () => [...channelHeaders(session, 'CUSTOM'), ['media-bugname', name]],
    });
  const pipe = openPipe(
    {
      url, headers: authorisation(session), protocol: PROTOCOL, allowSelfSigned: session.variables.isTrue('MOD_AUDIO_FORK_ALLOW_SELFSIGNED'), greeting: metadata,
      maxBytes: (rateHz / 1_000) * BUFFER_MS * 2 * (mix === 'stereo' ? 2 : 1), connectMs: CONNECT_MS, closeMs: CLOSE_MS, after: server.timers.after,
    },
    {
      open: () => fire('connect'),
      failed(why) {
        server.log.warn({ ...log, why }, 'an audio fork cannot connect');
        fire('connect_failed', JSON.stringify({ reason: why }));
        deafen();
      },
      lost() {
        if (mode !== 'over') fire('disconnect');
        deafen();
      },
      message: received,
      overrun() {
        server.log.warn(log, 'the far end of an audio fork is too slow: audio is dropped');
        fire('buffer_overrun');
      },
    },
  );
  const deafen = listen(session, mix, rateHz, () => mode, pipe);

  function received(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) return server.log.info(log, 'an audio fork received what it does not understand');
    if (message.kind === 'event') return fire(message.event, message.body);
    if (message.kind === 'kill_audio') {
      fire('kill_audio');
      session.runner.breakOff(true);
      return;
    }
    void files.keep(message.audio).then((file) => fire('play_audio', JSON.stringify(file === undefined ? message.data : { ...message.data, file })));
  }
  function stop(text?: string): void {
    if (mode === 'over') return;
    mode = 'over';
    session.onHangup.delete(hungUp);
    deafen();
    if (text !== undefined) pipe.text(text);
    pipe.close();
    files.discard();
    if (pipe.dropped() > 0) server.log.warn({ ...log, dropped: pipe.dropped(), droppedMs: pipe.dropped() * FRAME_MS }, 'an audio fork has lost audio');
    ended();
  }
  const hungUp = (): void => stop();
  session.onHangup.add(hungUp);
  return {
    text: (text) => pipe.text(text),
    pause: (silence) => void (mode = silence ? 'silent' : 'paused'),
    resume: () => void (mode = 'on'),
    shutDown() {
      deafen();
      pipe.shutDown();
      mode = 'over' === mode ? mode : 'paused';
    },
    stop,
  };
}

/** @returns what ends it; idempotent */
function listen(session: Session, mix: StartFork['mix'], rateHz: number, mode: () => 'on' | 'paused' | 'silent' | 'over', pipe: Pipe): () => void {
  const audio = createForkAudio(mix, rateHz, performance.now());
  return session.media.tap({
    hear: (side, header, packet, codec, now) => audio.hear(side, header, packet, codec, now),
    tick(now) {
      if (mode() === 'paused') return audio.skip(now);
      for (const frame of audio.take(now)) pipe.audio(mode() === 'silent' ? Buffer.alloc(frame.length) : frame);
    },
  });
}

function authorisation({ variables }: Session): Record<string, string> {
  const user = variables.get('MOD_AUDIO_BASIC_AUTH_USERNAME');
  const password = variables.get('MOD_AUDIO_BASIC_AUTH_PASSWORD');
  return user === undefined || password === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
