import type { DigitTaker } from '../session/digits.js';

/** Why a wait ended that nobody finished: `break` is uuid_break, `gone` a hang-up, bridge or transfer. */
export type Interrupted = 'break' | 'gone';

/**
 * One application that runs on a channel. Applications nest as in FreeSWITCH: a command that arrives while one waits
 * runs at once, and the one below goes on when it is done.
 */
export interface Frame {
  /**
   * Runs `begin` as soon as this frame is on top; what `begin` answers cleans up when the wait is over, however it ends.
   * The promise settles only while the frame is on top.
   */
  readonly wait: <T>(begin: (finish: (value: T) => void) => (() => void) | undefined) => Promise<T | Interrupted>;
  /** Who gets digits while this frame is on top, until the wait is over; without a taker they stay in the queue. */
  readonly takeDigits: (taker: DigitTaker | undefined) => void;
  readonly isTop: () => boolean;
  readonly isGone: () => boolean;
}

/** The side of a frame that only the runner sees. */
export interface FrameControl extends Frame {
  readonly locked: boolean;
  readonly taker: () => DigitTaker | undefined;
  readonly waiting: () => boolean;
  readonly interrupt: (why: Interrupted) => void;
  /** It is on top now. */
  readonly activate: () => void;
}

export interface FrameHost {
  readonly isTop: (frame: FrameControl) => boolean;
  /** The taker changed, or a wait began. */
  readonly changed: (frame: FrameControl) => void;
}

export function createFrame(host: FrameHost, locked: boolean): FrameControl {
  let taker: DigitTaker | undefined;
  let gone = false;
  let broken = false;
  let settle: ((why: Interrupted) => void) | undefined;
  let onActive: (() => void) | undefined;

  const whenActive = (run: () => void): void => {
    if (host.isTop(frame)) run();
    else onActive = run;
  };

  const wait = <T>(begin: (finish: (value: T) => void) => (() => void) | undefined): Promise<T | Interrupted> =>
    new Promise((resolve) => {
      let open = true;
      let cleanUp: (() => void) | undefined;
      const finish = (value: T | Interrupted): void => {
        if (!open) return;
        open = false;
        settle = undefined;
        // At once: a second digit in the same breath belongs to whoever comes next.
        taker = undefined;
        host.changed(frame);
        cleanUp?.();
        whenActive(() => resolve(value));
      };
      whenActive(() => {
        if (gone || broken) {
          const why = gone ? 'gone' : 'break';
          broken = false;
          finish(why);
          return;
        }
        settle = finish;
        const undo = begin(finish);
        // `begin` may have finished at once.
        if (open) cleanUp = undo;
        else undo?.();
        host.changed(frame);
      });
    });

  const frame: FrameControl = {
    locked,
    wait,
    taker: () => taker,
    takeDigits(next) {
      taker = next;
      host.changed(frame);
    },
    isTop: () => host.isTop(frame),
    isGone: () => gone,
    waiting: () => settle !== undefined,
    interrupt(why) {
      if (why === 'gone') gone = true;
      if (settle) settle(why);
      else if (why === 'break') broken = true;
    },
    activate() {
      const run = onActive;
      onActive = undefined;
      run?.();
    },
  };
  return frame;
}
