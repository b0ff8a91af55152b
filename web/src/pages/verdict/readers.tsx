// What each reader makes of an image, and what became of each requirement of the policy.
import { Label, type LabelProps, List, ListItem } from '@patternfly/react-core';
import type { ReaderVerdict } from '../../api/schema.ts';
import { NoteText } from '../../parts/compatibility-notes.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { UserText } from '../../parts/user-text.tsx';

const LOOKS = { accepted: 'success', refused: 'danger', unknown: 'warning' } as const satisfies Record<
  ReaderVerdict['outcome'],
  LabelProps['status']
>;

export function Outcome({ outcome }: Pick<ReaderVerdict, 'outcome'>) {
  return (
    <Label isCompact status={LOOKS[outcome]}>
      {outcome}
    </Label>
  );
}

export const READERS: readonly Column<ReaderVerdict>[] = [
  { title: 'Verdict', modifier: 'nowrap', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { title: 'Reader', width: 30, cell: ({ name }) => name },
  {
    title: 'Why, and what to do',
    width: 50,
    cell: ({ why, advice }) => (
      <>
        <UserText>{why}</UserText>
        {advice === null ? null : (
          <div className="lks-advice">
            <NoteText>{advice}</NoteText>
          </div>
        )}
      </>
    ),
  },
];

/** What became of each requirement of the policy, and of each signature under it. */
export function Requirements({ requirements }: ReaderVerdict) {
  if (requirements.length === 0) return 'It reads no policy: the digest and the keys decide.';
  return (
    <List isPlain>
      {requirements.map(({ type, identity, outcome, why, decisions }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: requirements have no names, and their order never changes
        <ListItem key={index}>
          <div className="lks-requirement">
            <Outcome outcome={outcome} />
            <strong>{type}</strong>
            {identity === null ? null : <UserText>{identity}</UserText>}
          </div>
          {decisions.length === 0 ? (
            <div>
              <UserText>{why}</UserText>
            </div>
          ) : (
            <List>
              {decisions.map((decision) => (
                <ListItem key={decision.number}>
                  {decision.accepted ? 'accepted' : 'refused'}: <UserText>{decision.why}</UserText>
                </ListItem>
              ))}
            </List>
          )}
        </ListItem>
      ))}
    </List>
  );
}
