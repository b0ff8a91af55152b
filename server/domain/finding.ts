// What `lookaside fsck` can find: a closed list, with what to do about each. A fault is something that must not be; a
// note is something that may be meant. What --repair mends is only what can be made anew from what is there.

const RESTORE = 'keep the file, and restore a backup with `lookaside restore FILE --force`';
const TAMPERED = 'somebody changed the database by hand: find out who, compare with a backup';
const REPAIR = '`lookaside fsck --repair` makes it anew';

type Kind = { readonly severity: 'fault' | 'note'; readonly advice: string; readonly repairable?: true };

export const FINDINGS = {
  'file.damaged': { severity: 'fault', advice: RESTORE },
  'row.invalid': { severity: 'fault', advice: RESTORE },
  'row.orphaned': { severity: 'fault', advice: RESTORE },
  'index.wrong': { severity: 'fault', advice: REPAIR, repairable: true },
  'schema.missing': { severity: 'fault', advice: REPAIR, repairable: true },
  'schema.changed': { severity: 'fault', advice: TAMPERED },
  'schema.added': { severity: 'note', advice: 'if nothing of yours needs it, remove it' },
  'catalogue.wrong': { severity: 'fault', advice: REPAIR, repairable: true },
  'signature.bad': {
    severity: 'fault',
    advice: '`lookaside withdraw` it, sign the image again, and look for the cause',
  },
  'signature.differs': { severity: 'fault', advice: TAMPERED },
  'signature.unaudited': { severity: 'fault', advice: TAMPERED },
  'signature.missing': { severity: 'fault', advice: RESTORE },
  'signature.out_of_scope': {
    severity: 'note',
    advice: 'if the key was not to sign for them, `lookaside withdraw` them; narrowing scopes withdraws nothing',
  },
  'image.full': { severity: 'fault', advice: 'runtimes refuse the image; `lookaside withdraw` some of them' },
  'key.differs': { severity: 'fault', advice: `${TAMPERED}; \`lookaside key add\` with the key itself` },
  'key.unaudited': { severity: 'fault', advice: TAMPERED },
  'token.unaudited': {
    severity: 'fault',
    advice: '`lookaside token revoke` it; somebody changed the database by hand',
  },
  'publisher.unaudited': {
    severity: 'fault',
    advice: '`lookaside publisher remove` it; somebody changed the database by hand',
  },
  'alias.unaudited': {
    severity: 'fault',
    advice: '`lookaside alias remove` it; somebody changed the database by hand',
  },
  'user.unaudited': {
    severity: 'fault',
    advice: '`lookaside user remove` them; somebody changed the database by hand',
  },
  'audit.broken': { severity: 'fault', advice: 'stop changes, and compare with a backup or a head noted earlier' },
} as const satisfies Record<string, Kind>;

export type FindingCode = keyof typeof FINDINGS;

export type Finding = {
  readonly code: FindingCode;
  /** A table, an index, `signature 17`, an image, a fingerprint, the id of a token or publisher, an alias, a user's name. */
  readonly subject: string;
  readonly problem: string;
};

export function kindOf({ code }: Finding): Kind {
  return FINDINGS[code];
}

/** One line: what, where, what is wrong, what to do. */
export function formatFinding(finding: Finding): string {
  const { severity, advice } = kindOf(finding);
  const { code, subject, problem } = finding;
  return `${severity === 'note' ? 'note ' : ''}${code} ${subject}: ${problem}; ${advice}`;
}
