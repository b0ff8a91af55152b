// Passwords of people, hashed with argon2id so that a stolen database costs much to guess from. Hashing takes memory
// and processor time by design, and anybody may ask for it by trying to sign in: only a few run at a time, a few more
// wait, and the rest is turned away.
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';

/** Above the least that OWASP asks for (19 MiB, two passes); about 30 ms. A change takes effect as people sign in. */
const PARAMETERS = { memoryCost: 32 * 1024, timeCost: 3, parallelism: 1 } as const;
const { memoryCost, timeCost, parallelism } = PARAMETERS;

/** As costly to check as a real one, and nobody knows a password for it. */
const NOBODYS_HASH = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export type Passwords = {
  hash(password: string): Promise<string>;
  /** Null stands for an unknown user: false, and it takes as long as for a known one. */
  verify(hashed: string | null, password: string): Promise<boolean>;
  /** Whether it was made with weaker parameters than today's. */
  isOutdated(hashed: string): Promise<boolean>;
};

/** Loaded with the first password: most starts of a server see none. */
const argon2 = () => import('@node-rs/argon2');

export function createPasswords(): Passwords {
  const inTurn = createQueue(LIMITS.passwordHashes, LIMITS.passwordHashesWaiting);
  return {
    hash: (password) => inTurn(async () => (await argon2()).hash(normal(password), PARAMETERS)),
    verify: (hashed, password) => inTurn(async () => (await argon2()).verify(hashed ?? NOBODYS_HASH, normal(password))),
    async isOutdated(hashed) {
      const used = (await argon2()).parseOptions(hashed);
      return used.memoryCost < memoryCost || used.timeCost < timeCost;
    },
  };
}

/** Letters and digits without those that are mistaken for others (i, l, o, u): 32 of them, 5 bits each. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GENERATED_CHARACTERS = 24;

/** 120 random bits in groups that can be read out and typed: `x4k9-…`. */
export function generatePassword(randomBytes: (size: number) => Buffer): string {
  const characters = [...randomBytes(GENERATED_CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** One keyboard writes é as one character, another as two; whoever typed it typed the same password. */
function normal(password: string): string {
  return password.normalize('NFC');
}

function createQueue(mostAtOnce: number, mostWaiting: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < mostAtOnce) running++;
    else if (waiting.length < mostWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
    else
      throw new AppError('SIGN_IN_SLOWED', 'too many people are signing in at this moment; try again in 2 seconds', {
        retryAfterSeconds: 2,
      });
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // which takes over this place
      if (next) next();
      else running--;
    }
  };
}
