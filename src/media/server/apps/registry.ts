import type { App } from './app.js';
import { answer, exportVariable, flushDtmf, hangup, multiset, notSupported, park, set, sleep, unset } from './basics.js';
import { playAndGetDigits, read } from './collect.js';
import { queueDtmf, sendDtmf } from './dtmf.js';
import { setMute } from './mute.js';
import { endlessPlayback, gentones, playback } from './playback.js';
import { record, recordSession, stopRecordSession } from './record.js';

const done: App = () => undefined;

/** The dialplan applications of this server. Whoever asks for another one is hung up with DESTINATION_OUT_OF_ORDER, as by FreeSWITCH. */
export const APPLICATIONS: ReadonlyMap<string, App> = new Map<string, App>([
  ['answer', answer],
  ['pre_answer', answer],
  ['ring_ready', done],
  ['hangup', hangup],
  ['park', park],
  ['sleep', sleep],
  ['set', set],
  ['export', exportVariable],
  ['multiset', multiset],
  ['unset', unset],
  ['playback', playback],
  ['endless_playback', endlessPlayback],
  ['gentones', gentones],
  ['play_and_get_digits', playAndGetDigits],
  ['read', read],
  ['record', record],
  ['record_session', recordSession],
  ['stop_record_session', stopRecordSession],
  ['send_dtmf', sendDtmf],
  ['queue_dtmf', queueDtmf],
  ['flush_dtmf', flushDtmf],
  ['set_mute', setMute],
  ['start_dtmf', notSupported('in-band detection of digits')],
  ['stop_dtmf', done],
  ['echo', notSupported('echo')],
  ['say', notSupported('say')],
  ['speak', notSupported('speak')],
  ['conference', notSupported('conference')],
  ['log', done],
  ['verbose_events', done],
]);
