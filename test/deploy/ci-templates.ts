// The templates in deploy/ci, and the shell within them.
import { globSync } from 'node:fs';
import { ROOT, read, type Tree, yaml } from './manifests.ts';

export const ACTION: Tree = yaml('deploy/ci/github/action.yml');
export const GITLAB: Tree = yaml('deploy/ci/gitlab/sign-and-push.yml')['.lookaside-sign-and-push'];
export const TASKS: readonly Tree[] = globSync('deploy/ci/tekton/*.yaml', { cwd: ROOT }).sort().map(yaml);
export const JENKINS = read('deploy/ci/jenkins/Jenkinsfile');

export type Step = { readonly name: string; readonly shell: readonly string[]; readonly script: string };

/** As each CI system runs it. */
const BASH = ['bash', '--noprofile', '--norc', '-eo', 'pipefail'];
const SH = ['sh'];

export const STEPS: readonly Step[] = [
  ...ACTION.runs.steps.map((step: Tree) => ({ name: `GitHub, ${step.name}`, shell: BASH, script: step.run })),
  { name: 'GitLab', shell: ['sh', '-e'], script: GITLAB.script.join('\n') },
  ...TASKS.flatMap((task) =>
    task.spec.steps.map(({ name, script }: Tree) => ({ name: `${task.metadata.name}, ${name}`, shell: SH, script })),
  ),
  { name: 'Jenkins', shell: SH, script: /sh '''\n(.*?)'''/s.exec(JENKINS)?.[1] ?? '' },
];

export function stepOf(name: string): Step {
  const found = STEPS.find((step) => step.name === name);
  if (!found) throw new Error(`no step ${name} among ${STEPS.map((step) => step.name).join('; ')}`);
  return found;
}
