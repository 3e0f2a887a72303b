import { hash, verify } from '@node-rs/argon2';
import { AccessRefused } from './errors.js';

/** OWASP's least for argon2id (the library's kind): 19 MiB, two passes. Runs on libuv's threads, never on the event loop. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** At once: disk work shares those threads. */
const atOnce = 2;
const longestBytes = 256;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With nobody's hash it takes as long and is wrong: a name tells nothing by its time. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const turn = queue(atOnce);
  let nobodys: Promise<string> | undefined;
  return {
    hash: (password) => turn(() => hash(password, cost)),
    async verify(stored, password) {
      if (Buffer.byteLength(password) > longestBytes) return false;
      nobodys ??= turn(() => hash('nobody has this password', cost));
      const against = stored ?? (await nobodys);
      return (await turn(() => verify(against, password))) && stored !== null;
    },
  };
}

function queue(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
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
