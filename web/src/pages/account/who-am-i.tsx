// Who is signed in, what their role lets them do, and how long.
import type { Session } from '../../api/schema.ts';
import { useSession } from '../../api/session.ts';
import { Facts } from '../../parts/facts.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

const MEANING: Record<NonNullable<Session['role']>, string> = {
  admin: 'may do everything: manage keys, tokens and users, upload and withdraw signatures',
  viewer: 'sees everything, and changes nothing but the own password',
};

export function WhoAmI() {
  const { actor, role, expiresAt } = useSession();
  return (
    <SectionCard title="Signed in">
      <Facts
        facts={[
          { term: 'Name', value: <UserText>{actor.name}</UserText> },
          role !== null && {
            term: 'Role',
            value: (
              <>
                <strong>{role}</strong>: {MEANING[role]}
              </>
            ),
          },
          {
            term: 'Session ends',
            value: (
              <>
                <Time at={expiresAt} show="both" />, or after half an hour without use
              </>
            ),
          },
        ]}
      />
    </SectionCard>
  );
}
