// A question whose answer is not shown while it is typed.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../domain/errors.ts';

/** Null where nobody is at the keyboard to be asked. */
export type AskSecret = ((question: string) => Promise<string>) | null;

export function createAskSecret(): AskSecret {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  return (question) =>
    new Promise((resolve, reject) => {
      // The editor of lines echoes to its output, which here is nowhere; it switches the terminal's own echo off, before
      // the question is seen: whoever is quick must not be shown either.
      const output = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
      stderr.write(question);
      let settle = () => reject(new AppError('USAGE_INVALID', 'no password was given; nothing was changed'));
      lines.once('line', (answer) => {
        settle = () => resolve(answer);
        lines.close();
      });
      lines.once('SIGINT', () => {
        settle = () => process.kill(process.pid, 'SIGINT'); // what Ctrl-C does when the terminal is not read raw
        lines.close();
      });
      lines.once('close', () => {
        stderr.write('\n');
        settle();
      });
    });
}
