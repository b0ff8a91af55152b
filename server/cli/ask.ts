// A question that a person answers with a line.
import { createInterface } from 'node:readline';

/** Null where nobody is at the keyboard to be asked. Ctrl-D answers with nothing. */
export type Ask = ((question: string) => Promise<string>) | null;

export function createAsk(): Ask {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  return (question) =>
    new Promise((resolve) => {
      // The terminal's own editing is enough for a word, and Ctrl-C ends the process as everywhere else.
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
      let given = '';
      lines.once('close', () => resolve(given.trim()));
      lines.question(question, (answer) => {
        given = answer;
        lines.close();
      });
    });
}
