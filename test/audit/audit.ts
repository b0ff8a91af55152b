// What is known against the packages this program runs with: `npm audit`, with an answer that fits a check. A finding of
// high severity fails unless a reason for it is written here; a registry that does not answer such questions (mirrors often
// do not) is said to be silent, and fails nothing.

/** Advisory by its address → why it does not concern this program, and until when that was thought about. */
export const ACCEPTED: Readonly<Record<string, string>> = {};

type Advisory = { readonly title: string; readonly url: string; readonly severity: string; readonly name: string };
type Report = {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly via: readonly (string | Advisory)[] }>>;
  readonly message?: string;
};

export type Verdict = { readonly fails: boolean; readonly lines: readonly string[] };

const GRAVE = new Set(['high', 'critical']);

/** `json` is what `npm audit --json` has printed. */
export function judge(json: string, accepted: Readonly<Record<string, string>> = ACCEPTED): Verdict {
  const report = parse(json);
  if (report?.metadata === undefined)
    return {
      fails: false,
      lines: [`npm audit: not available here, nothing was checked (${report?.message ?? 'no answer'})`],
    };
  const vias = Object.values(report.vulnerabilities ?? {}).flatMap(({ via }) => via);
  const advisories = vias.filter((via) => typeof via !== 'string').filter(({ severity }) => GRAVE.has(severity));
  const known = new Map(advisories.map((advisory) => [advisory.url, advisory]));
  const lines = [...known.values()].map(({ name, severity, title, url }) => {
    const reason = accepted[url];
    return `${reason === undefined ? 'FAIL' : 'accepted'} ${severity} ${name}: ${title} ${url}${reason === undefined ? '' : ` (${reason})`}`;
  });
  const outdated = Object.keys(accepted).filter((url) => !known.has(url));
  lines.push(
    ...outdated.map((url) => `FAIL ${url} is accepted in test/audit/audit.ts and no longer found: take it out`),
  );
  const fails = lines.some((line) => line.startsWith('FAIL'));
  return {
    fails,
    lines: [...lines, `npm audit: ${known.size} of high severity, ${fails ? 'not all' : 'all'} accounted for`],
  };
}

function parse(json: string): Report | null {
  try {
    return JSON.parse(json) as Report;
  } catch {
    return null;
  }
}
