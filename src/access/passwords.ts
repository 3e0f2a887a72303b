import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { AccessRefused } from './errors.js';

/** OWASP's least for argon2id (the library's kind): 19 MiB, two passes. Runs on libuv's threads, never on the event loop. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** At once: disk work shares those threads, and calls the processor. */
const atOnce = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Each takes its 19 MiB and some 30 ms when its turn comes; who would wait for more than a second or so is told to come back. */
const mostWaiting = 24;
const longestBytes = 256;

/** @throws AccessRefused access.busy: too many passwords are being checked at once */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** With nobody's hash it takes as long and is wrong: a name tells nothing by its time. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const turn = queue(atOnce, mostWaiting);
  const nobodys = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${unpadded(16)}$${unpadded(32)}`;
  return {
    hash: (password) => turn(() => hash(password, cost)),
    async verify(stored, password) {
      if (Buffer.byteLength(password) > longestBytes) return false;
      return (await turn(() => verify(stored ?? nobodys, password))) && stored !== null;
    },
  };
}
const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replace(/=+$/, '');

/** @throws AccessRefused access.busy */
function queue(most: number, longest: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (waiting.length >= longest) throw new AccessRefused('access.busy', 'too many people log in at once', 'try again in a second');
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** NIST SP 800-63B §5.1.1.2: length counts, not kinds of characters; nothing that everybody tries first. `least` is a setting, 8 or more. */
export function checkPassword(password: string, about: readonly (string | null)[], least: number): void {
  const refuse = (why: string, hint: string): never => {
    throw new AccessRefused('access.weak_password', why, hint);
  };
  const [length, plain] = [Array.from(password).length, password.normalize('NFKC').toLowerCase()];
  if (length < least) refuse('the password is too short', `at least ${least} characters; several words are easy to keep in mind`);
  if (Buffer.byteLength(password) > longestBytes) refuse('the password is too long', `at most ${longestBytes} bytes`);
  if (new Set(plain).size < 5) refuse('the password repeats a few characters', 'take several words');
  if (isRun(plain)) refuse('the password is a row of the keyboard or the alphabet', 'take several words');
  const core = plain.replace(/[^\p{L}\p{N}]/gu, '').replace(/\d+$/, '');
  if (common.has(core) || common.has(plain)) refuse('everybody tries this password first', 'take several words');
  if (about.some((word) => word !== null && word.length >= 4 && plain.includes(word.toLowerCase()))) refuse('the password contains your own name', 'take words that have nothing to do with you');
}

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm'];
const both = rows.flatMap((row) => [row, Array.from(row).reverse().join('')]);
/** Cut into pieces of four, all are of one of those rows. */
const isRun = (plain: string): boolean => (plain.match(/.{1,4}/gu) ?? []).every((piece) => piece.length < 3 || both.some((row) => row.includes(piece)));

const common = new Set(
  ('password passwort passw0rd p@ssword p@ssw0rd letmein welcome admin administrator root changeme default secret iloveyou sunshine princess football baseball monkey dragon master ' +
  'superman batman trustno1 starwars whatever qwerty qwertyuiop strowger telephone callcenter callcentre company woaini woaiwojia mima wodemima zhongguo beijing shanghai shenzhen ' +
  'passwordpassword adminadmin welcomewelcome changemenow testtest testtesttest').split(' '),
);
