// A JSON reader that refuses what JSON.parse forgives: it keeps duplicate members apart long enough to refuse
// them, where JSON.parse silently keeps the last one, and a runtime may have kept the first (protocol.md §3.3).
// Strings that are not Unicode (lone surrogates) are refused too: the runtimes' reader turns each into U+FFFD,
// so two different names here could be one name, a duplicate, there.
import { AppError, quote } from './errors.ts';
import { LIMITS } from './limits.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Members in order; no prototype, so a member called `__proto__` is only a member. */
export type JsonObject = ReadonlyMap<string, Json>;

/** Makes the error that refuses a text, from where in it and why. */
export type Refuse = (path: string, why: string) => AppError;

/** The value, or the refusal (CLAIM_INVALID) with the path or offset. `text` is untrusted. */
export function parseStrictJson(text: string, refuse: Refuse = invalidClaim): Json {
  const reader = new Reader(text, refuse);
  const value = reader.value('', 0);
  reader.end();
  return value;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  private at = 0;
  private readonly text: string;
  private readonly refuse: Refuse;

  constructor(text: string, refuse: Refuse) {
    this.text = text;
    this.refuse = refuse;
  }

  value(path: string, depth: number): Json {
    if (depth > LIMITS.jsonDepth) throw this.refuse(path, `nested deeper than ${LIMITS.jsonDepth} levels`);
    this.space();
    const next = this.text[this.at];
    if (next === '{') return this.object(path, depth);
    if (next === '[') return this.array(path, depth);
    if (next === '"') return this.string(path);
    for (const [word, value] of WORDS) if (this.take(word)) return value;
    return this.number(path);
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.refuse('', `unexpected text after the object, at character ${this.at}`);
  }

  private object(path: string, depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.at++;
    this.space();
    if (this.take('}')) return members;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') throw this.refuse(path, `expected a member name at character ${this.at}`);
      const name = this.string(path);
      if (members.has(name)) throw this.refuse(path, `duplicate member ${quote(name)}`);
      this.space();
      if (!this.take(':')) throw this.refuse(path, `expected ":" at character ${this.at}`);
      members.set(name, this.value(join(path, name), depth + 1));
      this.space();
      if (this.take('}')) return members;
      if (!this.take(',')) throw this.refuse(path, `expected "," or "}" at character ${this.at}`);
    }
  }

  private array(path: string, depth: number): readonly Json[] {
    const items: Json[] = [];
    this.at++;
    this.space();
    if (this.take(']')) return items;
    for (;;) {
      items.push(this.value(`${path}[${items.length}]`, depth + 1));
      this.space();
      if (this.take(']')) return items;
      if (!this.take(',')) throw this.refuse(path, `expected "," or "]" at character ${this.at}`);
    }
  }

  private string(path: string): string {
    let value = '';
    this.at++;
    for (;;) {
      value += this.plain();
      if (this.take('"')) break;
      if (!this.take('\\')) throw this.refuse(path, `unfinished string at character ${this.at}`);
      value += this.escape(path);
    }
    if (!value.isWellFormed()) throw this.refuse(path, 'a string that is not Unicode (lone surrogate)');
    return value;
  }

  /** Characters up to the next quote, escape, control character or end. */
  private plain(): string {
    const start = this.at;
    while (isPlain(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  private escape(path: string): string {
    const letter = this.text[this.at++] ?? '';
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    const hex = this.text.slice(this.at, this.at + 4);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw this.refuse(path, `bad escape at character ${this.at}`);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private number(path: string): number {
    const digits = this.match(NUMBER);
    const value = Number(digits);
    if (digits === '') throw this.refuse(path, `expected a value at character ${this.at}`);
    if (!Number.isFinite(value)) throw this.refuse(path, `number ${quote(digits)} is out of range`);
    return value;
  }

  private match(sticky: RegExp): string {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++;
  }
}

/** NaN, at the end of the text, is not. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c;
}

function join(path: string, name: string): string {
  const step = /^[\w-]{1,40}$/.test(name) ? name : quote(name);
  return path === '' ? step : `${path}.${step}`;
}

function invalidClaim(path: string, why: string): AppError {
  return new AppError('CLAIM_INVALID', `the claim is not strict JSON: ${path === '' ? '' : `${path}: `}${why}`);
}
