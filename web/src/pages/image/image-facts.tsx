// What identifies an image, and where runtimes look for its signatures.
import { useSession } from '../../api/session.ts';
import { InlineCode } from '../../parts/code.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { verdictPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { UserText } from '../../parts/user-text.tsx';

export function ImageFacts({ repository, digest }: { repository: string; digest: string }) {
  const { publicUrl } = useSession().store;
  return (
    <SectionCard
      title="Image"
      actions={
        <LinkButton variant="link" to={verdictPath(`${repository}@${digest}`)}>
          Would it run?
        </LinkButton>
      }
    >
      <Facts
        facts={[
          { term: 'Repository', value: <UserText>{repository}</UserText> },
          { term: 'Digest', value: <Digest value={digest} isFull /> },
          {
            term: 'Lookaside URL',
            value: (
              <InlineCode what="the lookaside URL">
                {`${publicUrl}/${repository}@${digest.replace(':', '=')}/signature-1`}
              </InlineCode>
            ),
          },
        ]}
      />
    </SectionCard>
  );
}
