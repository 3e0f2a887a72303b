import type { Ms } from '../../../base/index.js';
import type { Digits } from '../session/digits.js';
import { createFrame, type Frame, type FrameControl, type Interrupted } from './frame.js';

/** `execute` of sendmsg, uuid_broadcast or the dialplan. */
export interface AppCommand {
  readonly name: string;
  readonly args: string;
  /** Comes back as Application-UUID. */
  readonly eventUuid?: string | undefined;
  /** How often; negative: for ever. Stops early when a round took less than half a second. */
  readonly loops?: number;
  /** Nothing may run inside it. */
  readonly lock?: boolean;
}

export interface RunnerPorts {
  /** Runs one application once, with its events; a promise only when it has to wait. */
  readonly execute: (command: AppCommand, frame: Frame) => Promise<void> | undefined;
  /** The dialplan is through and nobody holds the channel: FreeSWITCH hangs up. */
  readonly exhausted: () => void;
  readonly digits: Digits;
  readonly now: () => Ms;
}

/** What runs on one channel, in what order. */
export interface Runner {
  /** As soon as what runs now allows it. */
  readonly enqueue: (command: AppCommand) => void;
  /** Ends what runs now, then runs these one after another; then the channel is `exhausted`. */
  readonly transfer: (plan: readonly AppCommand[]) => void;
  /** Ends what runs now; the promise settles when all of it has unwound. Queued commands stay. */
  readonly interrupt: () => Promise<void>;
  /** uuid_break: what is being played ends; with `flush` queued commands are forgotten. */
  readonly breakOff: (flush: boolean) => void;
  /** The channel is hung up: nothing new begins; the promise settles when what ran has unwound. */
  readonly end: () => Promise<void>;
  readonly depth: () => number;
}

const DEEPEST = 16;
const TOO_FAST: Ms = 500;

export function createRunner(ports: RunnerPorts): Runner {
  const frames: FrameControl[] = [];
  const queue: AppCommand[] = [];
  let plan: readonly AppCommand[] | undefined;
  let switching = false;
  let ended = false;
  let pumping = false;
  let unwound: (() => void)[] = [];

  const top = (): FrameControl | undefined => frames[frames.length - 1];
  const host = {
    isTop: (frame: FrameControl) => top() === frame,
    changed(frame: FrameControl) {
      if (top() === frame) pump();
    },
  };
  const passDigits = (): void => {
    const frame = top();
    ports.digits.give(frame ? frame.taker() : () => undefined);
  };

  const pop = (frame: FrameControl): void => {
    const at = frames.indexOf(frame);
    if (at !== -1) frames.splice(at, 1);
    top()?.activate();
    pump();
    if (frames.length > 0) return;
    const waiting = unwound;
    unwound = [];
    for (const done of waiting) done();
  };

  const run = async (command: AppCommand): Promise<void> => {
    const frame = createFrame(host, command.lock ?? false);
    frames.push(frame);
    const loops = command.loops ?? 1;
    for (let round = 0; loops < 0 || round < loops; round++) {
      const began = ports.now();
      const pending = ports.execute(round === 0 ? command : { ...command, eventUuid: undefined }, frame);
      if (pending) await pending;
      if (frame.isGone() || ended || ports.now() - began < TOO_FAST) break;
    }
    pop(frame);
  };

  const mayBegin = (): boolean => {
    if (ended || switching || frames.length >= DEEPEST) return false;
    const frame = top();
    return !frame || (!frame.locked && frame.waiting());
  };

  // A queued command begins before whoever lies below it gets the digits that wait.
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    while (queue.length > 0 && mayBegin()) {
      const command = queue.shift();
      if (command) void run(command);
    }
    pumping = false;
    passDigits();
  };

  const follow = async (commands: readonly AppCommand[]): Promise<void> => {
    plan = commands;
    for (const command of commands) {
      if (plan !== commands || ended) return;
      await run(command);
    }
    if (plan !== commands || ended || switching) return;
    plan = undefined;
    ports.exhausted();
  };

  const unwind = (): Promise<void> => {
    plan = undefined;
    const settled = new Promise<void>((resolve) => {
      if (frames.length === 0) resolve();
      else unwound.push(resolve);
    });
    interruptAll(frames, 'gone');
    return settled;
  };
  const interrupt = async (): Promise<void> => {
    switching = true;
    await unwind();
    switching = false;
  };

  return {
    enqueue(command) {
      if (ended) return;
      queue.push(command);
      pump();
    },
    transfer(commands) {
      void interrupt().then(() => {
        if (ended) return;
        void follow(commands);
        pump();
      });
    },
    async interrupt() {
      await interrupt();
      pump();
    },
    breakOff(flush) {
      if (flush) queue.length = 0;
      interruptAll(frames, 'break');
    },
    end() {
      ended = true;
      queue.length = 0;
      return unwind();
    },
    depth: () => frames.length,
  };
}

/** From the top down, so that each one below finds itself on top when its turn comes. */
function interruptAll(frames: readonly FrameControl[], why: Interrupted): void {
  for (const frame of [...frames].reverse()) frame.interrupt(why);
}
