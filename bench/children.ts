// Programs of our own that make load in a process, and so on a core, of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs `script` of this folder with a job, and gives what it printed. */
export async function runChild<R>(script: string, job: object, cores: string): Promise<R> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn('taskset', ['-c', cores, process.execPath, file, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text) => {
      output[stream] += text;
    });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${output.stderr}`);
  return JSON.parse(output.stdout);
}
